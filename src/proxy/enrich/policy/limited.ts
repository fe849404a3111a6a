import type { Lookup } from '../lookup.ts';
import type { Limit } from './limit.ts';

/** Keeps to the limits of the process and of one source. */
export function limited<T>(next: Lookup<T>, { total, source }: { total: Limit; source: Limit }): Lookup<T> {
  return (query, patience) =>
    source.inTurn(patience, (ofSource) => total.inTurn(ofSource, (ofTotal) => next(query, ofTotal)));
}
