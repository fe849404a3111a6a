import type { Lookup } from '../lookup.ts';
import { inTurn, type Limit } from './limit.ts';

/** Keeps to the limits of the process and of one source. */
export function limited<T>(next: Lookup<T>, { total, source }: { total: Limit; source: Limit }): Lookup<T> {
  return (query, patience) =>
    inTurn(source, patience, () => inTurn(total, patience, () => next(query, patience)));
}
