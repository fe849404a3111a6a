import { setTimeout as delay } from 'node:timers/promises';

interface PollLoopOptions {
  /** One round; resolves to whether there was an answer. Never rejects. */
  readonly ask: (signal: AbortSignal) => Promise<boolean>;
  /** Milliseconds between two rounds, at this moment. */
  readonly interval: () => number;
  /** Share of the upstream's time that answers may take. */
  readonly maxShare: number;
  /** Milliseconds before the first round. */
  readonly phase?: number;
}

/** Asks again and again, one round at a time: the next waits for the answer to this one. */
export class PollLoop {
  readonly #options: PollLoopOptions;
  readonly #stopping = new AbortController();
  #waiting = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: PollLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins the next round now, unless one is under way. */
  wake(): void {
    this.#waiting.abort();
  }

  /** Ends the round under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { ask, interval, maxShare, phase = 0 } = this.#options;
    const { signal } = this.#stopping;
    if (phase > 0) await this.#wait(phase);
    while (!signal.aborted) {
      const startedAt = performance.now();
      const isAnswered = await ask(signal);
      const took = performance.now() - startedAt;
      await this.#wait(isAnswered ? Math.max(interval(), took / maxShare) : interval());
    }
  }

  async #wait(milliseconds: number): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#waiting = new AbortController();
    await delay(milliseconds, undefined, { signal: this.#waiting.signal, ref: false }).catch(() => undefined);
  }
}
