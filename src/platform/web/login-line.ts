/**
 * A line in which logins wait for their comparison: one at a time, addresses by turns, and those of one address in the order in
 * which they came.
 */
export class LoginLine {
  /** By address; the one whose turn is next stands first. */
  readonly #waiting = new Map<string, (() => Promise<void>)[]>();
  #isBusy = false;

  /** How many of this address wait. */
  waitingOf(address: string): number {
    return this.#waiting.get(address)?.length ?? 0;
  }

  /** Runs the work when its turn comes; resolves to what it resolves to. */
  inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = (): Promise<void> => work().then(resolve, reject);
      this.#waiting.set(address, [...(this.#waiting.get(address) ?? []), run]);
      if (!this.#isBusy) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isBusy = true;
    for (let run = this.#next(); run !== undefined; run = this.#next()) await run();
    this.#isBusy = false;
  }

  // An address with more to come goes to the end of the line.
  #next(): (() => Promise<void>) | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const [address, [run, ...more]] = first;
    this.#waiting.delete(address);
    if (more.length > 0) this.#waiting.set(address, more);
    return run;
  }
}
