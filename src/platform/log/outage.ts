interface OutageOptions<Reason> {
  /** Called at the first failure, and not again until something has succeeded. */
  readonly onBegin: (reason: Reason) => void;
  /** Called at the first success after failures; `failures` is their number. */
  readonly onEnd?: (failures: number) => void;
}

/** Tells the beginning and the end of an outage, once each, however many failures it has. */
export class Outage<Reason = unknown> {
  readonly #options: OutageOptions<Reason>;
  #failures = 0;

  constructor(options: OutageOptions<Reason>) {
    this.#options = options;
  }

  failed(reason: Reason): void {
    this.#failures += 1;
    if (this.#failures === 1) this.#options.onBegin(reason);
  }

  succeeded(): void {
    const failures = this.#failures;
    this.#failures = 0;
    if (failures > 0) this.#options.onEnd?.(failures);
  }
}
