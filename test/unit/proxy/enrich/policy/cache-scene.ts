import { OutputCache } from '../../../../../src/proxy/enrich/output-cache.ts';
import type { LookupResult, Query } from '../../../../../src/proxy/enrich/lookup.ts';
import { coalesced } from '../../../../../src/proxy/enrich/policy/coalesced.ts';
import { fromCache } from '../../../../../src/proxy/enrich/policy/from-cache.ts';
import { intoCache } from '../../../../../src/proxy/enrich/policy/into-cache.ts';
import { createClock, createStubLookup, patient, query, type StubLookup } from './stub-lookup.ts';

export const TTL = 30_000;
export const NEGATIVE_TTL = 90_000;
export const STALE_IF_ERROR = 3_600_000;

/** A source behind a cache. */
export interface CacheScene {
  readonly clock: ReturnType<typeof createClock>;
  readonly source: StubLookup;
  readonly options: Parameters<typeof fromCache>[1];
  readonly ask: (parts?: Partial<Query>) => LookupResult | Promise<LookupResult>;
  /** Asks, and lets the source answer. */
  readonly fetched: (result: LookupResult, parts?: Partial<Query>) => Promise<LookupResult>;
}

export function createCacheScene(): CacheScene {
  const clock = createClock();
  const source = createStubLookup();
  const cache = new OutputCache({ maxEntries: 10, maxBytes: 10_000 });
  const options = {
    cache,
    ttl: TTL,
    negativeTtl: NEGATIVE_TTL,
    staleIfError: STALE_IF_ERROR,
    now: clock.now,
  };
  const lookup = fromCache(coalesced(intoCache(source.lookup, options)), options);
  const ask: CacheScene['ask'] = (parts = {}) => lookup(query('node/disk', parts), patient);
  return {
    clock,
    source,
    options,
    ask,
    fetched: async (result, parts = {}) => {
      const answer = ask(parts);
      await source.answer(result);
      return answer;
    },
  };
}

export const isWaiting = (answer: LookupResult | Promise<LookupResult>): answer is Promise<LookupResult> =>
  answer instanceof Promise;
