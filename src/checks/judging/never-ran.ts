import { intervalOf, type KnownCheck } from '../known-checks.ts';
import { silenceOf, type Circumstances } from './circumstances.ts';
import type { Problem } from './problem.ts';

const MINUTE = 60_000;

// A check may take its whole interval to run for the first time.
const FREQUENT_SECONDS = 300;
const PATIENCE = 15 * MINUTE;
const RARE_PATIENCE = 26 * 60 * MINUTE;

/** The problem of a check that is defined, of which no result is known, and which is not subdued. */
export function findNeverRan(check: KnownCheck, circumstances: Circumstances): Problem | undefined {
  const { now, unknownSince, found } = circumstances;
  if (unknownSince === undefined) return undefined;
  const isRare = (intervalOf(check) ?? Infinity) > FREQUENT_SECONDS;
  const patience = isRare ? RARE_PATIENCE : PATIENCE;
  const isSubdued = (silenceOf(check, circumstances) ?? Infinity) < patience;
  const isLate = now - unknownSince >= patience || found.has('never_ran');
  return isLate && !isSubdued ? { kind: 'never_ran', status: 1, isRare } : undefined;
}
