/** As large as a POST may become by joining; a single alert may be larger. */
const MAX_ALERTS = 2_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** After a 413 the limit comes back step by step: a tenth with each POST that is accepted. */
const GROWTH = 1.1;

/** How much goes into one POST: less after the Alertmanager, or a proxy before it, has found one too large. */
export class PostSize {
  #maxBytes = MAX_BYTES;

  fits(alerts: number, bytes: number): boolean {
    return alerts <= MAX_ALERTS && bytes <= this.#maxBytes;
  }

  /** A POST of this size, in bytes, was too large. */
  refused(bytes: number): void {
    this.#maxBytes = Math.floor(Math.min(this.#maxBytes, bytes) / 2);
  }

  accepted(): void {
    this.#maxBytes = Math.min(MAX_BYTES, Math.ceil(this.#maxBytes * GROWTH));
  }
}
