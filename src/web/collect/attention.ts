/** How long after the last look nobody is taken to be there. */
const ATTENTION_MS = 5 * 60_000;

/** Whether somebody looks at the pages: if nobody does, upstreams are asked less often. */
export class Attention {
  readonly #now: () => number;
  readonly #onReturn = new Set<() => void>();
  #lastLook: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastLook = now();
  }

  get isIdle(): boolean {
    return this.#now() - this.#lastLook > ATTENTION_MS;
  }

  /** Somebody looks: after an idle time, a collection starts at once. */
  look(): void {
    const wasIdle = this.isIdle;
    this.#lastLook = this.#now();
    if (wasIdle) for (const listener of this.#onReturn) listener();
  }

  /** Calls the listener when somebody looks again, until the returned function is called. */
  onReturn(listener: () => void): () => void {
    this.#onReturn.add(listener);
    return () => this.#onReturn.delete(listener);
  }
}
