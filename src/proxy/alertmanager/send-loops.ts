import type { Connection, SendLoop } from './send-loop.ts';

export interface SendLoopsOptions {
  readonly createLoop: (url: string, connection: Connection) => SendLoop;
  /** Called when nobody sends to an Alertmanager any more. */
  readonly onRemoved: (url: string) => void;
  /** Milliseconds that what is queued gets when nobody wants the Alertmanager any more. */
  readonly grace: number;
}

interface SharedLoop {
  readonly loop: SendLoop;
  /** One for each that has acquired it, the latest last: over that one it sends. */
  connections: readonly Connection[];
  /** How often it was given back by the last that had it. */
  endings: number;
}

/**
 * The loops of the process, one for each Alertmanager: whichever entry of whichever configuration names it, what goes
 * there stands in one queue, and a reload neither loses it nor lets anything overtake it.
 */
export class SendLoops {
  readonly #options: SendLoopsOptions;
  readonly #shared = new Map<string, SharedLoop>();

  constructor(options: SendLoopsOptions) {
    this.#options = options;
  }

  /** Alerts that wait for each Alertmanager, by its URL: those of all its tenants together. */
  queuedAlerts(): ReadonlyMap<string, number> {
    const queued = new Map<string, number>();
    for (const { loop } of this.#shared.values())
      queued.set(loop.url, (queued.get(loop.url) ?? 0) + loop.queuedAlerts);
    return queued;
  }

  /**
   * The loop to this Alertmanager; from now on it sends over this connection.
   * @param tenant what else tells Alertmanagers apart: Mimir's have one URL for all tenants
   */
  acquire(url: string, connection: Connection, tenant = ''): SendLoop {
    const key = `${tenant} ${url}`;
    const shared = this.#shared.get(key) ?? this.#create(url, connection);
    this.#shared.set(key, shared);
    shared.connections = [...shared.connections, connection];
    shared.loop.connect(connection);
    return shared.loop;
  }

  /** Ends the loop if nobody else has acquired it; resolves when the connection it was acquired with is free. */
  async release(loop: SendLoop, connection: Connection): Promise<void> {
    const [key, shared] = [...this.#shared].find(([, one]) => one.loop === loop) ?? [];
    if (key === undefined || shared === undefined) return;
    shared.connections = shared.connections.filter((one) => one !== connection);
    const latest = shared.connections.at(-1);
    if (latest === undefined) {
      await this.#end(key, shared);
    } else {
      loop.connect(latest);
      await loop.attempt;
    }
  }

  #create(url: string, connection: Connection): SharedLoop {
    return { loop: this.#options.createLoop(url, connection), connections: [], endings: 0 };
  }

  // Others may acquire it meanwhile, and give it back: then the grace begins anew, and that is the end to wait for.
  async #end(key: string, shared: SharedLoop): Promise<void> {
    const ending = ++shared.endings;
    const { loop } = shared;
    await loop.drain(this.#options.grace);
    if (shared.connections.length > 0) await loop.attempt;
    if (shared.connections.length > 0 || shared.endings !== ending) return;
    this.#shared.delete(key);
    await loop.stop();
    const isUrlInUse = [...this.#shared.values()].some((other) => other.loop.url === loop.url);
    if (!isUrlInUse) this.#options.onRemoved(loop.url);
  }
}
