export interface ThrottledLogLineOptions<T> {
  /** Combines two events into one line. */
  readonly merge: (earlier: T, later: T) => T;
  /** Writes the line. */
  readonly say: (merged: T) => void;
}

/** One minute: an hour of trouble leaves 60 lines, however often the event occurs. */
const INTERVAL_MS = 60_000;

/** A log line about a frequent event. The first is logged at once; later ones are merged and logged once a minute. */
export class ThrottledLogLine<T extends object> {
  readonly #options: ThrottledLogLineOptions<T>;
  #pending: T | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ThrottledLogLineOptions<T>) {
    this.#options = options;
  }

  /** Whether an event has not been logged yet. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  note(item: T): void {
    this.#pending = this.#pending === undefined ? item : this.#options.merge(this.#pending, item);
    if (this.#timer === undefined) this.#say();
  }

  /** Logs pending events at once, for example before the process ends. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending !== undefined) this.#options.say(pending);
  }

  #say(): void {
    const isSomethingToSay = this.isPending;
    this.flush();
    if (!isSomethingToSay) return;
    this.#timer = setTimeout(() => {
      this.#say();
    }, INTERVAL_MS);
    // The timer must not keep the process alive.
    this.#timer.unref();
  }
}
