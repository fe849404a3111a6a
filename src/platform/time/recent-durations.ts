const KEPT = 256;

/** A summary of the latest durations, in milliseconds. */
export interface TypicalDuration {
  readonly median: number;
  /** The 95th percentile. */
  readonly p95: number;
}

/** The latest few hundred durations. */
export class RecentDurations {
  readonly #ring: number[] = [];
  #next = 0;

  add(milliseconds: number): void {
    this.#ring[this.#next] = milliseconds;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Undefined before the first. */
  typical(): TypicalDuration | undefined {
    const sorted = this.#ring.toSorted((a, b) => a - b);
    const median = sorted[Math.ceil(sorted.length * 0.5) - 1];
    const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1];
    return median === undefined || p95 === undefined ? undefined : { median, p95 };
  }
}
