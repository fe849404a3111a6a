import type { Lookup } from '../lookup.ts';
import { TwoLineLimit } from './two-line-limit.ts';

/** Far more than of all fetches: room for one server that answers for many nodes. */
const ROUNDS_OF_HOST = 256;

/**
 * Asks one host only so many questions at a time; all lookups wrapped by one count together. Nothing is kept of a host
 * that is not being asked.
 */
export function hostLimit(concurrency: number): <T>(next: Lookup<T>) => Lookup<T> {
  const busy = new Map<string, TwoLineLimit>();
  const limitOf = (host: string): TwoLineLimit => {
    let limit = busy.get(host);
    if (limit === undefined)
      busy.set(host, (limit = new TwoLineLimit({ concurrency, rounds: ROUNDS_OF_HOST })));
    return limit;
  };
  return (next) => async (query, patience) => {
    const limit = limitOf(query.host);
    const result = await limit.inTurn(patience, (ofHost) => next(query, ofHost));
    if (limit.underWay === 0) busy.delete(query.host);
    return result;
  };
}
