import type { QueuedAlert } from './queued-alert.ts';

/**
 * The alerts of a queue that nobody waits for any more, the one that was left first coming first. It alone has a bound:
 * what somebody waits for is bounded by the number of batches that the proxy holds.
 */
export class Backlog {
  readonly #capacity: number;
  readonly #bytesOf = new Map<QueuedAlert, number>();
  #bytes = 0;

  /** @param capacity bytes, estimated */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Takes an alert in, or lets it go, as it waits now. */
  review(alert: QueuedAlert): void {
    this.delete(alert);
    if (!alert.isBacklog) return;
    const bytes = alert.compact();
    this.#bytesOf.set(alert, bytes);
    this.#bytes += bytes;
  }

  delete(alert: QueuedAlert): void {
    this.#bytes -= this.#bytesOf.get(alert) ?? 0;
    this.#bytesOf.delete(alert);
  }

  /** The alert that has to go first because there is no room for all. */
  surplus(): QueuedAlert | undefined {
    if (this.#bytes <= this.#capacity) return undefined;
    const [oldest] = this.#bytesOf.keys();
    return oldest;
  }
}
