const NEWLINE = 0x0a;

interface LineSplitterOptions {
  /** Longer lines are skipped. */
  readonly maxLineBytes: number;
  /** Called with each complete line, without its newline; the bytes are valid during the call only. */
  readonly onLine: (line: Buffer) => void;
  /** Called once for each line that is too long. */
  readonly onTooLong: () => void;
}

/** Turns chunks of bytes into lines; holds at most one line. */
export class LineSplitter {
  readonly #options: LineSplitterOptions;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #skipping = false;

  constructor(options: LineSplitterOptions) {
    this.#options = options;
  }

  /** How much of a line it holds that has not ended. */
  get heldBytes(): number {
    return this.#partialBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#end(chunk.subarray(start, end));
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  /** Forgets the line under way. */
  reset(): void {
    this.#partial = [];
    this.#partialBytes = 0;
    this.#skipping = false;
  }

  /** Drops what comes before the next newline, because it is the end of a line whose beginning is not known. */
  skipLine(): void {
    this.reset();
    this.#skipping = true;
  }

  #end(rest: Buffer): void {
    const line = this.#partialBytes === 0 ? rest : Buffer.concat([...this.#partial, rest]);
    const skipped = this.#skipping;
    this.reset();
    if (skipped) return;
    if (line.length > this.#options.maxLineBytes) this.#options.onTooLong();
    else this.#options.onLine(line);
  }

  #hold(rest: Buffer): void {
    if (this.#skipping || rest.length === 0) return;
    if (this.#partialBytes + rest.length > this.#options.maxLineBytes) {
      this.skipLine();
      this.#options.onTooLong();
      return;
    }
    // A copy: the reader uses its buffer again.
    this.#partial.push(Buffer.from(rest));
    this.#partialBytes += rest.length;
  }
}
