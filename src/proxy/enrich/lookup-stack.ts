import type { OutputCache } from './output-cache.ts';
import type { Lookup, FetchedOutput, Parts, Source } from './lookup.ts';
import { batched, type BatchedOptions } from './policy/batched.ts';
import { CircuitBreaker } from './policy/circuit-breaker.ts';
import { coalesced } from './policy/coalesced.ts';
import { hostLimit } from './policy/host-limit.ts';
import { fromCache, lastKnown } from './policy/from-cache.ts';
import { intoCache } from './policy/into-cache.ts';
import type { TwoLineLimit } from './policy/two-line-limit.ts';
import { fetchLimits } from './policy/fetch-limits.ts';
import { MassOutage } from './policy/mass-outage.ts';
import { timed, type TimedOptions } from './policy/timed.ts';

export interface LookupStackOptions {
  readonly cache: OutputCache;
  /** Of the cache, in milliseconds, all three. */
  readonly ttl: number;
  readonly negativeTtl: number;
  readonly staleIfError: number;
  /** Fetches at a time: in the process, of this source, to one host. */
  readonly total: TwoLineLimit;
  readonly source: TwoLineLimit;
  readonly perHost: number;
  /** Milliseconds for one fetch: in general, and while most hosts do not answer. */
  readonly timeout: number;
  readonly stormTimeout: number;
  /** How to ask for several checks at once; undefined: they are asked for one by one. */
  readonly batch?: BatchOptions | undefined;
  readonly now: () => number;
  readonly loop?: TimedOptions['loop'] | undefined;
}

export interface BatchOptions extends BatchedOptions {
  readonly source: Source<Parts>;
}

/** A source with all its policies. */
export interface LookupStack {
  readonly lookup: Lookup;
  /** What the cache still holds for a key, if it is young enough to stand in. */
  readonly lastKnown: (key: string) => FetchedOutput | undefined;
  readonly breaker: CircuitBreaker;
  readonly storm: MassOutage;
}

const MAX_HOSTS = 100_000;

/** Puts the policies around a source. */
export function createLookupStack(source: Source, options: LookupStackOptions): LookupStack {
  const { negativeTtl, perHost, batch, now } = options;
  const storm = new MassOutage({ now });
  const breaker = new CircuitBreaker({ openFor: negativeTtl, maxHosts: MAX_HOSTS, now });
  const fewOfHost = hostLimit(perHost);
  // Read from the outside in: hosts that live are asked, within limits. One request for several checks is one here.
  const asking = <T>(from: Source<T>): Lookup<T> =>
    breaker.around(fewOfHost(fetchLimits(breaker.observing(timed(from, { ...options, storm })), options)));
  const one = asking(source);
  const ask = batch === undefined ? one : batched(one, asking(batch.source), batch);
  // What is known answers; what is not is asked once, together with others, and remembered.
  const lookup = fromCache(coalesced(intoCache(ask, options)), options);
  return { lookup, lastKnown: (key) => lastKnown(key, options), breaker, storm };
}
