/** How often the loop is looked at. */
const TICK_MS = 20;
/** Less is no more than garbage collection, or a busy machine. */
const LATE_MS = 100;

/** Notices when the event loop stood still: timers that ran out meanwhile say nothing about the other side. */
export class LoopWatch {
  #tickedAt = performance.now();
  #lateAt = -Infinity;

  constructor() {
    setInterval(() => {
      this.#look();
    }, TICK_MS).unref();
  }

  /** Milliseconds of a clock of its own; for `wasLateSince`. */
  now(): number {
    return performance.now();
  }

  /** Whether the loop stood still, for at least 100 ms, at some time since. */
  wasLateSince(moment: number): boolean {
    this.#look();
    return this.#lateAt >= moment;
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#tickedAt > TICK_MS + LATE_MS) this.#lateAt = now;
    this.#tickedAt = now;
  }
}
