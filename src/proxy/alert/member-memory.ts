import type { Finder, KnownLabels, LabelSet } from './alert.ts';
import { parseLabelSet } from './go-json.ts';
import type { Span } from './json-scan.ts';
import { isGeneratorUrl, readAnnotations, readLabels } from './members.ts';
import { parseTime, type ParsedTime } from './time.ts';

/** A label set that was found good, under the bytes it came in. */
export class RememberedLabels implements KnownLabels {
  readonly #raw: string;
  #owner: object | undefined;
  #found: unknown;

  constructor(raw: string) {
    this.#raw = raw;
  }

  /** Parses them anew at each call: kept parsed, those of 100,000 alerts would take 200 MB. */
  labels(): LabelSet {
    const labels = readLabels(parseRaw(this.#raw));
    return typeof labels === 'string' ? {} : labels;
  }

  /**
   * What its owner found out about these labels: found once, as long as the owner stays the same.
   * A WeakMap of the owner's own would say the same, at ten times the price.
   */
  found<T extends object>(owner: Finder<T>): T {
    if (this.#owner !== owner) {
      this.#owner = owner;
      this.#found = owner.find(this.labels());
    }
    return this.#found as T;
  }
}

/** Characters of labels, and of annotations, in one generation: those of about 100,000 alerts. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Remembers what the bytes of a member mean; `text` is the body with one character per byte, so that equal text means
 * equal bytes. An alert is sent again each minute, and but for `endsAt` with the same
 * bytes: parsing and checking them again would be half of the work that a batch makes.
 * Reading throws SyntaxError where the bytes are no JSON.
 */
export class MemberMemory {
  readonly #labels = remembering<RememberedLabels | string>((raw) => {
    const labels = readLabels(parseRawSet(raw));
    return typeof labels === 'string' ? labels : new RememberedLabels(raw);
  });
  readonly #annotations = remembering<LabelSet | string>((raw) => readAnnotations(parseRawSet(raw)));
  // Few of these in a batch, and other ones in the next.
  #times = new Map<string, ParsedTime>();
  #urls = new Map<string, boolean>();

  /** Forgets what only the alerts of one batch have in common. */
  beginBatch(): void {
    this.#times = new Map();
    this.#urls = new Map();
  }

  /** The labels, or a sentence that says what is wrong with them. */
  labels(text: string, span: Span | undefined): RememberedLabels | string {
    return span === undefined ? 'labels: required' : this.#labels(pieceOf(text, span));
  }

  /** The annotations, shared by all alerts that came with these bytes, or a sentence that says what is wrong. */
  annotations(text: string, span: Span | undefined): LabelSet | string {
    return span === undefined ? NONE : this.#annotations(pieceOf(text, span));
  }

  time(text: string, span: Span | undefined): ParsedTime {
    return span === undefined ? 'unset' : readOnce(this.#times, pieceOf(text, span), parseTime);
  }

  isGeneratorUrl(text: string, span: Span | undefined): boolean {
    return span === undefined || readOnce(this.#urls, pieceOf(text, span), isGeneratorUrl);
  }
}

const NONE: LabelSet = {};

function pieceOf(text: string, { start, end }: Span): string {
  return text.substring(start, end);
}

function parseRaw(raw: string): unknown {
  return JSON.parse(Buffer.from(raw, 'latin1').toString('utf8'));
}

function parseRawSet(raw: string): unknown {
  const bytes = Buffer.from(raw, 'latin1');
  return parseLabelSet(bytes, { start: 0, end: bytes.length });
}

// Two generations instead of a list of uses: what was used since the last change of generations stays.
function remembering<T>(read: (raw: string) => T): (raw: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let characters = 0;
  return (raw) => {
    const known = young.get(raw);
    if (known !== undefined) return known;
    // What is read may keep the text, so it gets the copy too, not another one.
    const copy = copyOf(raw);
    const value = old.get(raw) ?? read(copy);
    characters += raw.length;
    if (characters > MAX_CHARACTERS) {
      old = young;
      young = new Map();
      characters = raw.length;
    }
    young.set(copy, value);
    return value;
  };
}

// A piece of a string keeps the whole string in memory: the body, for as long as one of its alerts is remembered.
function copyOf(piece: string): string {
  return Buffer.from(piece, 'latin1').toString('latin1');
}

function readOnce<T>(known: Map<string, T>, raw: string, read: (value: unknown) => T): T {
  let value = known.get(raw);
  if (value === undefined) known.set(raw, (value = read(parseRaw(raw))));
  return value;
}
