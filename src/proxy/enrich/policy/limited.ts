import type { Lookup } from '../lookup.ts';
import { inTurn, type Limit } from './limit.ts';

/** Keeps to the limits of the process and of one source. */
export function limited(next: Lookup, { total, source }: { total: Limit; source: Limit }): Lookup {
  return (query, patience) =>
    inTurn(source, patience, () => inTurn(total, patience, () => next(query, patience)));
}
