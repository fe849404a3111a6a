import type { CacheEntry, FailedAttempt, OutputCache } from '../output-cache.ts';
import type { Lookup, LookupResult, FetchedOutput, Query } from '../lookup.ts';
import { NO_ANSWER } from '../reason.ts';
import { unlimited, type Demand } from '../demand.ts';

export interface FromCacheOptions {
  readonly cache: OutputCache;
  /** Milliseconds, all three. */
  readonly ttl: number;
  readonly negativeTtl: number;
  readonly staleIfError: number;
  readonly now: () => number;
}

export type LastKnownOptions = Pick<FromCacheOptions, 'cache' | 'staleIfError' | 'now'>;

/** For so long an alert may be re-sent without a refresh: Prometheus tells of a resolved one for 15 minutes. */
const RESENT_FOR_MS = 20 * 60_000;

/**
 * Answers from the cache whenever the cache holds the right thing for this state of the alert (promise 7):
 * what was fetched, or tried in vain, after the alert's last change. A re-send never waits;
 * what is older than its TTL is fetched anew behind the answer. An alert that does not say when it changed may have changed at any
 * time, and one that nobody asked about for long is none that is re-sent: these get nothing old.
 */
export function fromCache(next: Lookup, options: FromCacheOptions): Lookup {
  const { cache } = options;
  return (query, patience) => {
    const entry = cache.get(query.key);
    if (entry === undefined) return fetchAgain(next, query, patience, options);
    // Read once: each of the alerts of a batch comes by here, and the clock is most of what that costs.
    const time = options.now();
    const known = answerOf(entry, query, options, time);
    if (known === undefined) return fetchAgain(next, query, patience, options);
    if (isDue(entry, query, options, time)) void next(query, unlimited);
    return known;
  };
}

/** The last known output, if it is young enough to stand in for a fetch that failed. */
export function lastKnown(
  key: string,
  { cache, staleIfError, now }: LastKnownOptions,
): FetchedOutput | undefined {
  const output = cache.get(key)?.output;
  return output !== undefined && now() - output.fetchedAt <= staleIfError ? output : undefined;
}

function answerOf(
  entry: CacheEntry,
  query: Query,
  options: FromCacheOptions,
  time: number,
): LookupResult | undefined {
  const { output, failure } = entry;
  if (failure !== undefined) {
    if (!isOfThisState(failure.at, query, options, time) && !isSpared(failure, options, time))
      return undefined;
    const { reason, detail } = failure;
    return { ok: false, reason, detail, last: lastKnown(query.key, options) };
  }
  if (output === undefined || !isOfThisState(output.fetchedAt, query, options, time)) return undefined;
  return { ok: true, output, cached: true };
}

// Whether what was learnt at that time holds for the alert as it is now.
function isOfThisState(
  at: number,
  { changedAt }: Query,
  { ttl, staleIfError }: FromCacheOptions,
  time: number,
): boolean {
  if (at < changedAt) return false;
  return time - at <= (changedAt === 0 ? ttl : Math.max(staleIfError, RESENT_FOR_MS));
}

// A resolved alert is told once what the check said then; it is re-sent for 15 minutes and does not change.
function isDue(
  { output, failure }: CacheEntry,
  { status }: Query,
  options: FromCacheOptions,
  time: number,
): boolean {
  // Where the circuit was open, nobody was asked.
  if (failure !== undefined)
    return failure.reason === 'circuit_open' || time - failure.at > options.negativeTtl;
  return status === 'firing' && output !== undefined && time - output.fetchedAt > options.ttl;
}

// A host that did not answer just now is not asked again so soon. One that answered with an error, or knew nothing, may know it by now.
function isSpared({ reason, at }: FailedAttempt, { negativeTtl }: FromCacheOptions, time: number): boolean {
  return NO_ANSWER.has(reason) && time - at <= negativeTtl;
}

async function fetchAgain(
  next: Lookup,
  query: Query,
  patience: Demand,
  options: FromCacheOptions,
): Promise<LookupResult> {
  const askedAt = options.now();
  let result = await next(query, patience);
  // It joined a fetch that had begun before the alert changed: what that brought may be the old state.
  if (result.ok && result.output.fetchedAt < Math.min(askedAt, query.changedAt))
    result = await next(query, patience);
  return result.ok ? result : { ...result, last: lastKnown(query.key, options) };
}
