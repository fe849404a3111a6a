import pLimit, { type LimitFunction } from 'p-limit';
import type { Failure, LookupResult, Patience } from '../lookup.ts';

/** At most so many at a time, and so many waiting for their turn. */
export interface Limit {
  readonly run: LimitFunction;
  readonly maxWaiting: number;
}

/** @param rounds how many times the concurrency may wait; nobody waits longer than that for an answer */
export function createLimit(concurrency: number, rounds = 16): Limit {
  return { run: pLimit(concurrency), maxWaiting: concurrency * rounds };
}

/** Starts the work when its turn comes, unless too much is waiting already, or nobody waits for it any more by then. */
export function inTurn<T>(
  { run, maxWaiting }: Limit,
  patience: Patience,
  work: () => LookupResult<T> | Promise<LookupResult<T>>,
): LookupResult<T> | Promise<LookupResult<T>> {
  if (run.pendingCount >= maxWaiting) return OVERLOADED;
  return run(() => (patience.exhausted ? TOO_LATE : work()));
}

const OVERLOADED: Failure = {
  ok: false,
  reason: 'overloaded',
  detail: 'too many fetches are waiting already',
};
const TOO_LATE: Failure = { ok: false, reason: 'deadline', detail: 'its turn came too late' };
