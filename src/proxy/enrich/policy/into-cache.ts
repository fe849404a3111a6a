import type { OutputCache } from '../output-cache.ts';
import type { Lookup, LookupResult, Query } from '../lookup.ts';
import { OURS } from '../reason.ts';

/** Remembers what a fetch brought, whoever still waits for it. A failure keeps the output known before (promise 6). */
export function intoCache(next: Lookup, { cache, now }: { cache: OutputCache; now: () => number }): Lookup {
  const remember = (query: Query, result: LookupResult): void => {
    if (result.ok) {
      cache.set(query.key, { output: result.output });
      return;
    }
    if (OURS.has(result.reason)) return;
    const { reason, detail } = result;
    cache.set(query.key, { ...cache.get(query.key), failure: { at: now(), reason, detail } });
  };
  return async (query, patience) => {
    const result = await next(query, patience);
    remember(query, result);
    return result;
  };
}
