import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Lookup, LookupResult, Patience } from '../lookup.ts';

/** At most so many at a time, and so many waiting for their turn. */
export interface Limit {
  readonly run: LimitFunction;
  readonly maxWaiting: number;
}

/** Waiting longer than this many rounds is not worth it: nobody waits that long for the answer. */
const ROUNDS_WAITING = 16;

/** Many more than can be under way at a time, so that a host in use is never forgotten. */
const MAX_HOSTS = 50_000;

export function createLimit(concurrency: number): Limit {
  return { run: pLimit(concurrency), maxWaiting: concurrency * ROUNDS_WAITING };
}

export interface LimitedOptions {
  readonly total: Limit;
  readonly source: Limit;
  readonly perHost: number;
}

/** Keeps to the limits of process, source and host; the queues are bounded, and what nobody waits for never starts. */
export function limited(
  next: (query: Parameters<Lookup>[0]) => Promise<LookupResult>,
  options: LimitedOptions,
): Lookup {
  const hosts = new LRUCache<string, LimitFunction>({ max: MAX_HOSTS });
  const limitOf = (host: string): LimitFunction => {
    let limit = hosts.get(host);
    if (limit === undefined) hosts.set(host, (limit = pLimit(options.perHost)));
    return limit;
  };
  return async (query, patience) => {
    if (isFull(options.total) || isFull(options.source)) {
      return { ok: false, reason: 'overloaded', detail: 'too many fetches are waiting already' };
    }
    const ofHost = limitOf(query.host);
    const start = (): LookupResult | Promise<LookupResult> => (patience.exhausted ? tooLate : next(query));
    return ofHost(() => waitTurn(options, patience, start));
  };
}

const tooLate: LookupResult = { ok: false, reason: 'deadline', detail: 'its turn came too late' };

function waitTurn(
  { total, source }: LimitedOptions,
  patience: Patience,
  start: () => LookupResult | Promise<LookupResult>,
): LookupResult | Promise<LookupResult> {
  if (patience.exhausted) return tooLate;
  return source.run(() => total.run(start));
}

function isFull({ run, maxWaiting }: Limit): boolean {
  return run.pendingCount >= maxWaiting;
}
