import type { Finder, KnownLabels, LabelSet } from './alert.ts';
import { parseLabelSet } from './go-json.ts';
import { readAnnotations, readLabels } from './alert-fields.ts';

// `raw` is the text of a JSON value with one character per byte, as it came: of 100,000 alerts the values themselves
// would take hundreds of megabytes, so they are parsed anew for the few who look at them.

/** Annotations that were found good, under the bytes they came in. */
export class CachedAnnotations {
  readonly raw: string;
  readonly names: readonly string[];
  #lastName: string | undefined;
  #lastValue: string | undefined;

  constructor(raw: string, names: readonly string[]) {
    this.raw = raw;
    this.names = names;
  }

  /** Parses them anew at each call. */
  values(): LabelSet {
    const annotations = readAnnotations(parseRawSet(this.raw));
    return typeof annotations === 'string' ? {} : annotations;
  }

  /** One of them; the last one that was asked for is kept. */
  value(name: string): string | undefined {
    if (!this.names.includes(name)) return undefined;
    if (this.#lastName !== name) {
      this.#lastName = name;
      this.#lastValue = this.values()[name];
    }
    return this.#lastValue;
  }
}

export const NO_ANNOTATIONS = new CachedAnnotations('null', []);

/** A label set that was found good, under the bytes it came in. */
export class CachedLabels implements KnownLabels {
  readonly #raw: string;
  #owner: object | undefined;
  #found: unknown;
  /** What the last alert with these labels had as annotations. */
  lastAnnotations = NO_ANNOTATIONS;

  constructor(raw: string) {
    this.#raw = raw;
  }

  /** Characters of all that it keeps. */
  get size(): number {
    return this.#raw.length + this.lastAnnotations.raw.length;
  }

  /** Parses them anew at each call. */
  labels(): LabelSet {
    const labels = readLabels(parseRawSet(this.#raw));
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

/** Throws SyntaxError. */
export function parseRaw(raw: string): unknown {
  return JSON.parse(Buffer.from(raw, 'latin1').toString('utf8'));
}

/** An object of strings, as Go reads it. Throws SyntaxError. */
export function parseRawSet(raw: string): unknown {
  const bytes = Buffer.from(raw, 'latin1');
  return parseLabelSet(bytes, { start: 0, end: bytes.length });
}
