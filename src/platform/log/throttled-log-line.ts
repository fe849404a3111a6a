export interface ThrottledLogLineOptions<T> {
  /** What two that came close together have in common. */
  readonly merge: (earlier: T, later: T) => T;
  /** Writes the line. */
  readonly say: (merged: T) => void;
}

/** A minute: what goes wrong for an hour leaves 60 lines, however often it does. */
const INTERVAL_MS = 60_000;

/** A line of the log about what may happen often: said at once, then at most once a minute, for all that came meanwhile. */
export class ThrottledLogLine<T extends object> {
  readonly #options: ThrottledLogLineOptions<T>;
  #pending: T | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ThrottledLogLineOptions<T>) {
    this.#options = options;
  }

  /** Whether there is something that was not said yet. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  note(item: T): void {
    this.#pending = this.#pending === undefined ? item : this.#options.merge(this.#pending, item);
    if (this.#timer === undefined) this.#say();
  }

  /** Says at once what was not said yet: later nobody may be there to say it. */
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
    // No reason for the process to live on.
    this.#timer.unref();
  }
}
