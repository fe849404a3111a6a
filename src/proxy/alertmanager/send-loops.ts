import type { Connection, SendLoop } from './send-loop.ts';

export interface SendLoopsOptions {
  readonly createLoop: (url: string, connection: Connection) => SendLoop;
  /** Called when nobody sends to an Alertmanager any more. */
  readonly onRemoved: (url: string) => void;
  /** Milliseconds that what is queued gets when nobody wants the Alertmanager any more. */
  readonly grace: number;
}

interface Shared {
  readonly loop: SendLoop;
  users: number;
}

/**
 * The loops of the process, one for each URL: whichever entry of whichever configuration names an Alertmanager,
 * what goes there stands in one queue, and a reload neither loses it nor lets anything overtake it.
 */
export class SendLoops {
  readonly #options: SendLoopsOptions;
  readonly #shared = new Map<string, Shared>();

  constructor(options: SendLoopsOptions) {
    this.#options = options;
  }

  /** The loop to this Alertmanager; from now on it sends over this connection. */
  acquire(url: string, connection: Connection): SendLoop {
    const shared = this.#shared.get(url) ?? { loop: this.#options.createLoop(url, connection), users: 0 };
    this.#shared.set(url, shared);
    shared.users += 1;
    shared.loop.connect(connection);
    return shared.loop;
  }

  /** Ends the loop if nobody else has acquired it; resolves when the connection it was acquired with is free. */
  async release(loop: SendLoop): Promise<void> {
    const shared = this.#shared.get(loop.url);
    if (shared?.loop !== loop) return;
    shared.users -= 1;
    await (shared.users === 0 ? loop.drain(this.#options.grace) : loop.attempt);
    if (shared.users > 0 || this.#shared.get(loop.url) !== shared) return;
    this.#shared.delete(loop.url);
    await loop.stop();
    this.#options.onRemoved(loop.url);
  }
}
