import { LRUCache } from 'lru-cache';
import type { Logger } from '../../platform/log/log.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';
import type { Refusal, RefusalReason } from '../../platform/web/refusal.ts';
import { PROXY_LOG } from './log-messages.ts';

/** Requests that were turned away for one reason, from one address. */
export interface RefusalSummary {
  readonly reason: RefusalReason;
  readonly address: string;
  readonly requests: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

interface Remembered {
  readonly summary: RefusalSummary;
  readonly line: ThrottledLogLine<{ requests: number }>;
}

/** Of more, those that came last are kept. */
const MAX_REMEMBERED = 100;
const SHOWN_FOR_MS = 60 * 60_000;

/** Remembers who was turned away before a request was read, and says so in the log: once a minute for each address and reason. */
export class RecentRefusals {
  readonly #remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });
  readonly #log: Logger;
  readonly #now: () => number;

  constructor({ log, now }: { log: Logger; now: () => number }) {
    this.#log = log;
    this.#now = now;
  }

  refused({ reason, address = 'unknown' }: Refusal): void {
    const key = `${reason} ${address}`;
    const before = this.#remembered.peek(key);
    const line = before?.line ?? this.#createLine(reason, address);
    const requests = (before?.summary.requests ?? 0) + 1;
    this.#remembered.set(key, { line, summary: { reason, address, requests, lastAt: this.#now() } });
    line.note({ requests: 1 });
  }

  /** Those of the last hour; the one that came last comes first. */
  list(): RefusalSummary[] {
    const since = this.#now() - SHOWN_FOR_MS;
    return [...this.#remembered.values()]
      .map(({ summary }) => summary)
      .filter(({ lastAt }) => lastAt >= since);
  }

  #createLine(reason: RefusalReason, client: string): Remembered['line'] {
    return new ThrottledLogLine({
      merge: (earlier, later) => ({ requests: earlier.requests + later.requests }),
      say: ({ requests }) => {
        this.#log.warn({ client, reason, requests }, PROXY_LOG.turnedAway);
      },
    });
  }
}
