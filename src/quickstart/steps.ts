/** What runs beside us, and how it ends. */
export interface Running {
  /** Where it listens, if it does: `http://127.0.0.1:PORT`. */
  readonly url?: string;
  readonly stop: () => Promise<void>;
}

export interface Serving extends Running {
  readonly url: string;
}

export interface Step<T extends Running> {
  readonly name: string;
  readonly begin: () => Promise<T>;
}

interface StepsOptions {
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Starts one thing after the other, a line for each, and stops them in the opposite order. */
export class Steps {
  readonly #options: StepsOptions;
  readonly #cleanups: (() => Promise<void>)[] = [];

  constructor(options: StepsOptions) {
    this.#options = options;
  }

  /** Throws what the start throws, or an AbortError once the signal was given. */
  async start<T extends Running>({ name, begin }: Step<T>): Promise<T> {
    const { print, signal } = this.#options;
    signal.throwIfAborted();
    print(`starting ${name} ... `);
    const running = await begin();
    this.onStop(running.stop);
    print(running.url === undefined ? 'ok\n' : `ok, ${running.url}\n`);
    return running;
  }

  onStop(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup);
  }

  async stop(): Promise<void> {
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
  }
}
