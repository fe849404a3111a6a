import type { ByteRange } from './bytes/scan.ts';
import { isGeneratorUrl, readAnnotations, readLabels } from './alert-fields.ts';
import { internedNames } from './interned-names.ts';
import { NO_ANNOTATIONS, parseRaw, parseRawSet, CachedAnnotations, CachedLabels } from './cached-fields.ts';
import { parseTime, type ParsedTime } from './time.ts';

/** Bytes that one generation may take: those of more than 100,000 alerts. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Bytes that a label set takes beside its text and that of its annotations: objects, and what was found out. */
const BYTES_PER_SET = 500;

/**
 * Remembers what the bytes of a member mean; `text` is the body with one character per byte, so that equal text means
 * equal bytes. An alert is sent again each minute, and but for `endsAt` with the same
 * bytes: parsing and checking them again would be half of the work that a batch makes.
 * Reading throws SyntaxError where the bytes are no JSON.
 */
export class FieldCache {
  // Two generations instead of a list of uses: what was used since the last change of generations stays.
  #young = new Map<string, CachedLabels | string>();
  #old = new Map<string, CachedLabels | string>();
  #bytes = 0;
  // Few of these in a batch, and other ones in the next.
  #times = new Map<string, ParsedTime>();
  #urls = new Map<string, boolean>();

  /** Forgets what only the alerts of one batch have in common. */
  beginBatch(): void {
    this.#times = new Map();
    this.#urls = new Map();
  }

  /** The labels, or a sentence that says what is wrong with them. */
  labels(text: string, span: ByteRange | undefined): CachedLabels | string {
    if (span === undefined) return 'labels: required';
    const raw = pieceOf(text, span);
    const known = this.#young.get(raw);
    if (known !== undefined) return known;
    // What is read keeps the text, so it gets the copy too, not another one.
    const copy = copyOf(raw);
    const value = this.#old.get(raw) ?? readRemembered(copy);
    this.#count(BYTES_PER_SET + (typeof value === 'string' ? raw.length : value.size));
    this.#young.set(copy, value);
    return value;
  }

  /**
   * The annotations, or a sentence that says what is wrong with them.
   * @param labels those of the same alert: it mostly has the annotations that it had before
   */
  annotations(
    text: string,
    span: ByteRange | undefined,
    labels: CachedLabels | string,
  ): CachedAnnotations | string {
    if (span === undefined) return NO_ANNOTATIONS;
    const raw = pieceOf(text, span);
    const last = typeof labels === 'string' ? NO_ANNOTATIONS : labels.lastAnnotations;
    if (last.raw === raw) return last;
    const values = readAnnotations(parseRawSet(raw));
    if (typeof values === 'string') return values;
    const annotations = new CachedAnnotations(copyOf(raw), internedNames(Object.keys(values)));
    if (typeof labels === 'string') return annotations;
    this.#count(raw.length - last.raw.length);
    labels.lastAnnotations = annotations;
    return annotations;
  }

  time(text: string, span: ByteRange | undefined): ParsedTime {
    return span === undefined ? 'unset' : readOnce(this.#times, pieceOf(text, span), parseTime);
  }

  isGeneratorUrl(text: string, span: ByteRange | undefined): boolean {
    return span === undefined || readOnce(this.#urls, pieceOf(text, span), isGeneratorUrl);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MAX_BYTES) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#bytes = bytes;
  }
}

function readRemembered(raw: string): CachedLabels | string {
  const labels = readLabels(parseRawSet(raw));
  // A sentence that quotes a name would keep all that was read.
  return typeof labels === 'string' ? Buffer.from(labels).toString() : new CachedLabels(raw);
}

function pieceOf(text: string, { start, end }: ByteRange): string {
  return text.substring(start, end);
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
