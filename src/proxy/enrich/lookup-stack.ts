import type { OutputCache } from './cache.ts';
import type { Lookup, Output } from './lookup.ts';
import { CircuitBreaker } from './policy/circuit-breaker.ts';
import { coalesced } from './policy/coalesced.ts';
import { fewPerHost } from './policy/few-per-host.ts';
import { fromCache, lastKnown } from './policy/from-cache.ts';
import { intoCache } from './policy/into-cache.ts';
import type { Limit } from './policy/limit.ts';
import { limited } from './policy/limited.ts';
import { Storm } from './policy/storm.ts';
import { timed, type Source } from './policy/timed.ts';

export interface LookupStackOptions {
  readonly cache: OutputCache;
  /** Of the cache, in milliseconds, all three. */
  readonly ttl: number;
  readonly negativeTtl: number;
  readonly staleIfError: number;
  /** Fetches at a time: in the process, of this source, to one host. */
  readonly total: Limit;
  readonly source: Limit;
  readonly perHost: number;
  /** Milliseconds for one fetch: in general, and while most hosts do not answer. */
  readonly timeout: number;
  readonly stormTimeout: number;
  readonly now: () => number;
}

/** A source with all its policies. */
export interface LookupStack {
  readonly lookup: Lookup;
  /** What the cache still holds for a key, if it is young enough to stand in. */
  readonly lastKnown: (key: string) => Output | undefined;
  readonly breaker: CircuitBreaker;
  readonly storm: Storm;
}

const MAX_HOSTS = 100_000;

/** Puts the policies around a source. */
export function createLookupStack(source: Source, options: LookupStackOptions): LookupStack {
  const { negativeTtl, perHost, now } = options;
  const storm = new Storm({ now });
  const breaker = new CircuitBreaker({ openFor: negativeTtl, maxHosts: MAX_HOSTS, now });
  const fetch = breaker.observing(timed(source, { ...options, storm }));
  const inTurn = fewPerHost(limited(fetch, options), perHost);
  // Read from the outside in: what is known answers; what is not is asked once, and remembered, of hosts that live, within limits.
  const lookup = fromCache(coalesced(intoCache(breaker.around(inTurn), options)), options);
  return { lookup, lastKnown: (key) => lastKnown(key, options), breaker, storm };
}
