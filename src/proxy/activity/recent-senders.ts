import { LRUCache } from 'lru-cache';

/** Who sent batches, and when last. */
export interface SenderSummary {
  readonly address: string;
  readonly batches: number;
  /** Milliseconds since 1970. */
  readonly lastBatchAt: number;
  /** The HTTP status of the answer to it. */
  readonly lastCode: number;
}

/** Of more, those that sent last are kept. */
const MAX_SENDERS = 100;

/** Remembers from which addresses batches came. */
export class RecentSenders {
  readonly #senders = new LRUCache<string, SenderSummary>({ max: MAX_SENDERS });
  readonly #now: () => number;

  constructor({ now }: { now: () => number }) {
    this.#now = now;
  }

  batchAnswered(address: string, lastCode: number): void {
    const batches = (this.#senders.peek(address)?.batches ?? 0) + 1;
    this.#senders.set(address, { address, batches, lastBatchAt: this.#now(), lastCode });
  }

  /** The one that sent last comes first. */
  list(): SenderSummary[] {
    return [...this.#senders.values()];
  }

  /** Milliseconds since 1970; undefined if no batch has come since the start. */
  get lastBatchAt(): number | undefined {
    return this.list()[0]?.lastBatchAt;
  }
}
