import { isUtf8 } from 'node:buffer';
import { goQuote } from './go-quote.ts';
import { ExpositionError } from './metric-family.ts';

const BLANKS = /[ \t]*/y;

/** Walks over a body in the text format, of which each character is one byte, and knows in which line it is. */
export class LineCursor {
  readonly #text: string;
  #at = 0;
  #line = 0;

  /** `text`: the body's bytes as Latin-1. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Begins the next line after its indentation; false if nothing but blanks is left. */
  startLine(): boolean {
    this.#line += 1;
    this.take(BLANKS);
    return this.#at < this.#text.length;
  }

  /** The byte to be read next. Throws at the end of the body: each line has to end with a line feed. */
  get current(): string {
    return this.#text[this.#at] ?? this.fail('unexpected end of input stream');
  }

  advance(): void {
    this.#at += 1;
  }

  skipBlanks(): void {
    this.take(BLANKS);
  }

  /** Takes the byte if it is the next one. */
  takeByte(byte: string): boolean {
    if (this.current !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** Takes what the pattern, which has to be sticky, matches here; maybe nothing. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  /**
   * Takes what stands between double quotes, the first of which is taken already; `what` is named if there is a line feed in it.
   * Returns bytes as Latin-1, without the escapes.
   */
  takeQuoted(what: 'label value' | 'metric name'): string {
    let text = '';
    for (;;) {
      text += this.take(/[^"\\\n]*/y);
      const end = this.current;
      this.advance();
      if (end === '"') return text;
      if (end === '\n') this.fail((quote) => `${what} ${quote(text)} contains unescaped new-line`);
      text += this.#escaped();
    }
  }

  /** Throws what is wrong in this line. */
  fail(problem: string | ((quote: (latin1: string) => string) => string)): never {
    const sentence = typeof problem === 'string' ? problem : problem(quoteLatin1);
    throw new ExpositionError(`text format parsing error in line ${this.#line}: ${sentence}`);
  }

  #escaped(): string {
    const character = this.current;
    this.advance();
    if (character === 'n') return '\n';
    if (character === '"' || character === '\\') return character;
    return this.fail(`invalid escape sequence '\\${character}'`);
  }
}

function quoteLatin1(text: string): string {
  return goQuote(Buffer.from(text, 'latin1'));
}

/** Text whose bytes were read as Latin-1; undefined if they are not UTF-8. */
export function decodeLatin1(text: string): string | undefined {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}
