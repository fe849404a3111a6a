import type { SendLoop } from './send-loop.ts';

export interface AlertmanagerSetOptions {
  /** The loop for a target that discovery has found. */
  readonly acquire: (target: string) => SendLoop;
  /** Gives it back when the target is gone. */
  readonly release: (loop: SendLoop) => Promise<void>;
}

/** The Alertmanagers that share one entry of the configuration; discovery may change them at any time. */
export class AlertmanagerSet {
  readonly #options: AlertmanagerSetOptions;
  readonly #loops = new Map<string, SendLoop>();

  constructor(options: AlertmanagerSetOptions) {
    this.#options = options;
  }

  get loops(): readonly SendLoop[] {
    return [...this.#loops.values()];
  }

  /** Gives all loops back. */
  async stop(): Promise<void> {
    const { loops } = this;
    this.#loops.clear();
    await Promise.all(loops.map((loop) => this.#options.release(loop)));
  }

  /** Keeps the loops of targets that stay, with their queues. */
  update(targets: readonly string[]): void {
    const wanted = new Set(targets);
    for (const [target, loop] of this.#loops) {
      if (wanted.has(target)) continue;
      this.#loops.delete(target);
      void this.#options.release(loop);
    }
    for (const target of wanted) {
      if (!this.#loops.has(target)) this.#loops.set(target, this.#options.acquire(target));
    }
  }
}
