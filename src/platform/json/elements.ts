/** What a reader of elements makes of a JSON document that arrives in pieces. */
export interface ElementReader {
  /** Takes the next bytes; false once nothing more is wanted. */
  take(chunk: Buffer): boolean;
  /** The document without the elements (`[]` in their place), to be parsed; undefined if it did not end as JSON ends. */
  end(): string | undefined;
}

interface ElementReaderOptions {
  /** The keys on the way to the array; none: the document is the array. */
  readonly path: readonly string[];
  /** Gets the JSON text of one element; returns false if nothing more is wanted. */
  readonly onElement: (text: string) => boolean;
  /** Called for each element that is longer than `maxElementBytes` and left out. */
  readonly onOversized: () => void;
  readonly maxElementBytes: number;
}

/** What surrounds the array: `status`, `warnings`, …. More than this is cut. */
const MAX_ENVELOPE_BYTES = 256 * 1024;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;

/**
 * Reads the elements of one array of a JSON document while its bytes arrive, in chunks cut anywhere: a list of 35 MB is never in memory
 * whole, and no step takes long. It finds where elements begin and end; whether each is valid JSON, `JSON.parse` tells.
 */
export function createElementReader(options: ElementReaderOptions): ElementReader {
  return new Scanner(options);
}

class Scanner implements ElementReader {
  readonly #options: ElementReaderOptions;
  readonly #envelope: Buffer[] = [];
  #envelopeBytes = 0;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Depth inside the array; 0 while it is not being read. */
  #arrayDepth = 0;
  /** Keys of the objects around the current place, outermost first. */
  readonly #keys: string[] = [];
  #lastString: Buffer[] = [];
  #parts: Buffer[] = [];
  #elementBytes = 0;
  #isInElement = false;
  #wasRead = false;
  #isDone = false;

  constructor(options: ElementReaderOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): boolean {
    let position = 0;
    while (position < chunk.length && !this.#isDone) {
      position =
        this.#arrayDepth > 0 ? this.#readArray(chunk, position) : this.#readEnvelope(chunk, position);
    }
    return !this.#isDone;
  }

  end(): string | undefined {
    if (this.#depth !== 0 || this.#isString || !this.#wasRead) return undefined;
    return Buffer.concat(this.#envelope).toString();
  }

  // Until the array begins, or the chunk ends.
  #readEnvelope(chunk: Buffer, start: number): number {
    let position = start;
    while (position < chunk.length) {
      const byte = chunk[position] ?? 0;
      position += 1;
      if (this.#isString) this.#readKey(byte);
      else if (byte === QUOTE) {
        this.#isString = true;
        this.#lastString = [];
      } else if (byte === COLON) this.#keys[this.#depth - 1] = Buffer.concat(this.#lastString).toString();
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (byte === OPEN_ARRAY && this.#isWanted()) {
          this.#depth += 1;
          this.#arrayDepth = this.#depth;
          this.#keep(chunk.subarray(start, position));
          return position;
        }
        this.#depth += 1;
        this.#keys[this.#depth - 1] = '';
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.#depth -= 1;
        this.#keys.length = Math.max(0, this.#depth);
      }
    }
    this.#keep(chunk.subarray(start));
    return position;
  }

  #readKey(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isString = false;
      return;
    }
    // Only the keys of the path matter, and they are short.
    if (this.#lastString.length < 64) this.#lastString.push(Buffer.of(byte));
  }

  #isWanted(): boolean {
    const { path } = this.#options;
    return (
      !this.#wasRead && this.#depth === path.length && path.every((key, index) => this.#keys[index] === key)
    );
  }

  // Until the array or the chunk ends: the inner loop, over each byte of a long list.
  #readArray(chunk: Buffer, start: number): number {
    let elementStart = this.#isInElement ? start : -1;
    for (let position = start; position < chunk.length; position += 1) {
      const byte = chunk[position] ?? 0;
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isString = false;
        continue;
      }
      const isAtTop = this.#depth === this.#arrayDepth;
      if (isAtTop && (byte === COMMA || byte === CLOSE_ARRAY)) {
        if (elementStart >= 0) this.#finish(chunk.subarray(elementStart, position));
        elementStart = -1;
        if (this.#isDone) return position;
        if (byte === CLOSE_ARRAY) return this.#leaveArray(position);
        continue;
      }
      if (elementStart < 0) {
        if (byte <= SPACE) continue;
        elementStart = position;
        this.#isInElement = true;
      }
      if (byte === QUOTE) this.#isString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth -= 1;
    }
    if (elementStart >= 0) this.#collect(chunk.subarray(elementStart));
    return chunk.length;
  }

  #leaveArray(position: number): number {
    this.#arrayDepth = 0;
    this.#depth -= 1;
    this.#wasRead = true;
    this.#keep(Buffer.of(CLOSE_ARRAY));
    return position + 1;
  }

  #collect(piece: Buffer): void {
    this.#elementBytes += piece.length;
    // A copy: the chunk itself may be many times as large.
    if (this.#elementBytes <= this.#options.maxElementBytes) this.#parts.push(Buffer.from(piece));
    else this.#parts = [];
  }

  #finish(lastPiece: Buffer): void {
    const isOversized = this.#elementBytes + lastPiece.length > this.#options.maxElementBytes;
    const text = this.#parts.length === 0 ? lastPiece : Buffer.concat([...this.#parts, lastPiece]);
    this.#parts = [];
    this.#elementBytes = 0;
    this.#isInElement = false;
    if (isOversized) this.#options.onOversized();
    else if (!this.#options.onElement(text.toString())) this.#isDone = true;
  }

  #keep(piece: Buffer): void {
    if (this.#envelopeBytes + piece.length > MAX_ENVELOPE_BYTES) return;
    this.#envelopeBytes += piece.length;
    this.#envelope.push(Buffer.from(piece));
  }
}
