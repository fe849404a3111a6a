import type { Lookup } from '../lookup.ts';
import type { TwoLineLimit } from './two-line-limit.ts';

/**
 * Of fetches in the process and from a source: where one takes an eighth of a second, the last in line waits for two,
 * which is the usual deadline. What comes behind would come too late, and is told so at once.
 */
export const ROUNDS_OF_FETCHES = 16;

/** Keeps to the limits of the process and of one source. */
export function fetchLimits<T>(
  next: Lookup<T>,
  { total, source }: { total: TwoLineLimit; source: TwoLineLimit },
): Lookup<T> {
  return (query, patience) =>
    source.inTurn(patience, (ofSource) => total.inTurn(ofSource, (ofTotal) => next(query, ofTotal)));
}
