import type { KnownCheck } from '../known-checks.ts';
import { problemStatusOf, type Problem } from './problem.ts';

/** The problem of a check whose last result is not OK. */
export function findFailure({ state }: KnownCheck): Problem | undefined {
  if (state === undefined || state.result.status === 0) return undefined;
  return { kind: 'failed', status: problemStatusOf(state.result.status), occurrences: state.occurrences };
}
