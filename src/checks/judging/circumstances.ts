import type { KnownCheck } from '../known-checks.ts';
import type { ProblemKind } from './problem.ts';

/** What a check is judged by, beside itself. Moments are milliseconds of the measuring clock, which nobody sets. */
export interface Circumstances {
  /** The moment of judging. */
  readonly now: number;
  /** Since when results can have come in: no check runs while its node is off. */
  readonly watchedSince: number;
  /** Since when the check is known without a result; undefined if it has one. */
  readonly unknownSince: number | undefined;
  /** What was found at the last judging: it stands until the check runs, also across a restart. */
  readonly found: ReadonlySet<ProblemKind>;
}

/** Milliseconds since the check last ran, or was left out because it is subdued; undefined if it did neither. */
export function silenceOf({ state, lastSubdued }: KnownCheck, { now }: Circumstances): number | undefined {
  const moments = [state?.ranAt, lastSubdued?.moment].filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : now - Math.max(...moments);
}
