import { LRUCache } from 'lru-cache';
import type { LookupResult } from '../enrich/lookup.ts';
import type { Reason } from '../enrich/reason.ts';

/** A node of which a fetch failed within the last hour. */
export interface FailingNode {
  /** `host:port`. */
  readonly host: string;
  /** Fetches since the first failure, that one included. */
  readonly fetches: number;
  readonly failures: number;
  readonly lastReason: Reason;
  /** Milliseconds since 1970. */
  readonly lastFailedAt: number;
}

const MAX_NODES = 1_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;

/** Counts the failures of nodes. Those that never fail are not looked at; the ones that failed last are kept. */
export class FailingNodes {
  readonly #nodes = new LRUCache<string, FailingNode>({ max: MAX_NODES });
  readonly #now: () => number;

  constructor({ now }: { now: () => number }) {
    this.#now = now;
  }

  fetched(host: string, result: LookupResult<unknown>): void {
    const known = this.#nodes.peek(host);
    const before = known !== undefined && this.#isRecent(known) ? known : undefined;
    const fetches = (before?.fetches ?? 0) + 1;
    if (!result.ok) {
      const failures = (before?.failures ?? 0) + 1;
      this.#nodes.set(host, {
        host,
        fetches,
        failures,
        lastReason: result.reason,
        lastFailedAt: this.#now(),
      });
    } else if (before !== undefined) {
      this.#nodes.set(host, { ...before, fetches });
    }
  }

  /** Those with the most failures first. */
  list(): FailingNode[] {
    return [...this.#nodes.values()]
      .filter((node) => this.#isRecent(node))
      .sort((a, b) => b.failures - a.failures || b.lastFailedAt - a.lastFailedAt);
  }

  #isRecent({ lastFailedAt }: FailingNode): boolean {
    return this.#now() - lastFailedAt < FORGOTTEN_AFTER_MS;
  }
}
