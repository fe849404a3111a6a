// JSON that keeps what JSON.parse loses and Sensu keeps: the kind of a number (`10.0` is not `10`) and the order of all
// keys (a plain object moves `"1"` before `"warning"`).

import { quoteShortened } from '../platform/text/quote-shortened.ts';
import { hasRawBytes } from './bytes-as-text.ts';

export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

export interface JsonNumber {
  readonly kind: 'integer' | 'float';
  readonly value: number;
  /** As Sensu's JSON library writes it. */
  readonly text: string;
}

export type ParsedJson =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly reason: string };

const MAX_DEPTH = 100;
// An integer of a megabyte takes BigInt most of a second.
const MAX_INTEGER_DIGITS = 1000;
// Sensu's parser skips comments, and configurations in the wild have them.
const BLANK = /(?:[\s\uFEFF]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Parses one JSON text; the reason for a failure names line and column. */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: new JsonReader(text).read() };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, reason: error.message };
    throw error;
  }
}

export function integer(value: number | bigint): JsonNumber {
  return { kind: 'integer', value: Number(value), text: value.toString() };
}

/** A float as Oj 2.18 writes it: `%.1f` if it is whole, else `%.15g` (ext/oj/dump.c dump_float). */
export function float(value: number): JsonNumber {
  return { kind: 'float', value, text: floatText(value) };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isNumber(value: JsonValue | undefined): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

export function isInteger(value: JsonValue | undefined): value is JsonNumber {
  return isNumber(value) && value.kind === 'integer';
}

/** Writes a value as sensu-client does: no blanks, keys in order, bytes that are no UTF-8 left as `decodeText` gave them. */
export function writeJson(value: JsonValue): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (isObject(value)) {
    return `{${[...value].map(([key, item]) => `${quote(key)}:${writeJson(item)}`).join(',')}}`;
  }
  return value.text;
}

function quote(text: string): string {
  if (!hasRawBytes(text)) return JSON.stringify(text);
  // JSON.stringify would escape the lone surrogates that stand for raw bytes.
  return `"${text.replace(/["\\]|[^\u0020-\uffff]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  return JSON.stringify(character).slice(1, -1);
}

function floatText(value: number): string {
  if (value === 0) return '0.0';
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return value.toFixed(1);
  const [digits = '', exponent] = value.toExponential(14).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 15) return trimZeros(value.toFixed(14 - power));
  const sign = power < 0 ? '-' : '+';
  return `${trimZeros(digits)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    const value = this.#value(0);
    this.#match(BLANK);
    if (this.#at < this.#text.length) this.#fail('expected the end of the text');
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) this.#fail(`nested more than ${MAX_DEPTH} levels deep`);
    this.#match(BLANK);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const word = this.#match(WORD);
    if (word !== null) return WORDS[word[0]] ?? null;
    return this.#number() ?? this.#fail('expected a value');
  }

  #object(depth: number): JsonObject {
    const object = new Map<string, JsonValue>();
    this.#list('{', '}', () => {
      if (this.#text[this.#at] !== '"') this.#fail('expected a key in double quotes');
      const key = this.#string();
      this.#match(BLANK);
      if (!this.#take(':')) this.#fail(`expected ":" after the key "${quoteShortened(key)}"`);
      object.set(key, this.#value(depth + 1));
    });
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#list('[', ']', () => array.push(this.#value(depth + 1)));
    return array;
  }

  // Calls `item` before each element of a comma-separated list.
  #list(open: string, close: string, item: () => void): void {
    this.#take(open);
    this.#match(BLANK);
    if (this.#take(close)) return;
    do {
      this.#match(BLANK);
      item();
      this.#match(BLANK);
    } while (this.#take(','));
    if (!this.#take(close)) this.#fail(`expected "," or "${close}"`);
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) this.#fail('a string without its closing quote');
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    this.#at = end + 1;
    // Sensu's parser takes line breaks and tabs inside strings as they are; JSON.parse wants them escaped.
    const literal = this.#text.slice(start, end + 1).replace(/[^\u0020-\uffff]/g, escapeCharacter);
    try {
      return JSON.parse(literal) as string;
    } catch {
      this.#at = start;
      return this.#fail('a string with an unknown escape');
    }
  }

  #number(): JsonNumber | undefined {
    const match = this.#match(NUMBER);
    if (match === null) return undefined;
    const [text, fraction, exponent] = match;
    if (fraction === undefined && exponent === undefined) return this.#integer(text);
    const value = Number(text);
    return Number.isFinite(value)
      ? float(value)
      : this.#fail(`the number ${quoteShortened(text)} is too large`);
  }

  #integer(text: string): JsonNumber {
    if (text.length > MAX_INTEGER_DIGITS)
      this.#fail(`the integer ${quoteShortened(text)} has more than ${MAX_INTEGER_DIGITS} digits`);
    return integer(BigInt(text));
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #fail(what: string): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new SyntaxError(`line ${before.length}, column ${column}: ${what}`);
  }
}
