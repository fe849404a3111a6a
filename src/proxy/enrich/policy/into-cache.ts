import type { Failure, Lookup, LookupResult, Query } from '../lookup.ts';
import { SELF_INFLICTED } from '../reason.ts';
import { lastKnown, type LastKnownOptions } from './from-cache.ts';

/** A node that lost what it knew says so in an answer of status 200. */
const LOST: Failure = { ok: false, reason: 'not_found', detail: 'it has no result of it any more' };

/**
 * Remembers what a fetch brought, whoever still waits for it. A failure keeps the output known before (promise 6), and so
 * does an answer without a result.
 */
export function intoCache(next: Lookup, options: LastKnownOptions): Lookup {
  const { cache, now } = options;
  const remember = (query: Query, result: LookupResult): void => {
    if (result.ok) {
      cache.set(query.key, { output: result.output });
      return;
    }
    if (SELF_INFLICTED.has(result.reason)) return;
    const { reason, detail } = result;
    cache.set(query.key, { ...cache.get(query.key), failure: { at: now(), reason, detail } });
  };
  return async (query, patience) => {
    const answer = await next(query, patience);
    const isLost = answer.ok && !answer.output.hasResult && lastKnown(query.key, options)?.hasResult === true;
    const result = isLost ? LOST : answer;
    remember(query, result);
    return result;
  };
}
