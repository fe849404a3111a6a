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
 * The loops of the process, one for each Alertmanager: whichever entry of whichever configuration names it, what goes
 * there stands in one queue, and a reload neither loses it nor lets anything overtake it.
 */
export class SendLoops {
  readonly #options: SendLoopsOptions;
  readonly #shared = new Map<string, Shared>();

  constructor(options: SendLoopsOptions) {
    this.#options = options;
  }

  /**
   * The loop to this Alertmanager; from now on it sends over this connection.
   * @param tenant what else tells Alertmanagers apart: Mimir's have one URL for all tenants
   */
  acquire(url: string, connection: Connection, tenant = ''): SendLoop {
    const key = `${tenant} ${url}`;
    const shared = this.#shared.get(key) ?? { loop: this.#options.createLoop(url, connection), users: 0 };
    this.#shared.set(key, shared);
    shared.users += 1;
    shared.loop.connect(connection);
    return shared.loop;
  }

  /** Ends the loop if nobody else has acquired it; resolves when the connection it was acquired with is free. */
  async release(loop: SendLoop): Promise<void> {
    const [key, shared] = [...this.#shared].find(([, one]) => one.loop === loop) ?? [];
    if (key === undefined || shared === undefined) return;
    shared.users -= 1;
    await (shared.users === 0 ? loop.drain(this.#options.grace) : loop.attempt);
    if (shared.users > 0 || this.#shared.get(key) !== shared) return;
    this.#shared.delete(key);
    await loop.stop();
    const isUrlInUse = [...this.#shared.values()].some((other) => other.loop.url === loop.url);
    if (!isUrlInUse) this.#options.onRemoved(loop.url);
  }
}
