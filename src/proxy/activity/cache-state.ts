import type { LookupResult } from '../enrich/lookup.ts';

/** What an enriched alert carries. `stale`: the fetch failed, and the last known output stood in. */
export const CACHE_STATES = ['fresh', 'cached', 'stale', 'failed'] as const;

export type CacheState = (typeof CACHE_STATES)[number];

/** What an alert carries when this came of asking. */
export function cacheStateOf(result: LookupResult): CacheState {
  if (result.ok) return result.cached ? 'cached' : 'fresh';
  return result.last === undefined ? 'failed' : 'stale';
}
