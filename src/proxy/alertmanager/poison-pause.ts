const FIRST_PAUSE_MS = 100;
/** A POST with poison may hold up the others for its timeout. */
const MAX_PAUSE_MS = 30_000;

/** How long alerts on which an Alertmanager keeps failing, though it takes others, are left alone. */
export class PoisonPause {
  #failures = 0;
  #dueAt = 0;

  /** When the next may be tried, in milliseconds of the monotonic clock. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** One has failed: the pause is twice as long as the last one. */
  begin(now: number): void {
    this.#dueAt = now + Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
  }

  end(): void {
    this.#failures = 0;
    this.#dueAt = 0;
  }
}
