import type { Demand } from './demand.ts';

/** The hard bound of one batch: one timer, however many alerts wait for it. */
export class Deadline implements Demand {
  /** Resolves when the time is over, or when the batch no longer waits. */
  readonly over: Promise<void>;
  readonly isUrgent = true;
  #exhausted = false;
  readonly #timer: NodeJS.Timeout;
  #end: () => void = () => undefined;

  /** @param milliseconds from now */
  constructor(milliseconds: number) {
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#timer = setTimeout(() => {
      this.cancel();
    }, milliseconds);
    // Whoever stops the proxy need not wait for what is only waited for.
    this.#timer.unref();
  }

  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Nobody waits any longer: all answers are there, or the time is over. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#exhausted = true;
    this.#end();
  }
}
