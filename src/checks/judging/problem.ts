/** Exit status of a problem, as the alert on it has it: 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
export type ProblemStatus = 1 | 2 | 3;

/** What is wrong with a check. */
export type Problem =
  /** Its last result is not OK; occurrences as Sensu counts them. */
  | { readonly kind: 'failed'; readonly status: ProblemStatus; readonly occurrences: number }
  /** It should have run by its schedule, and did not. */
  | { readonly kind: 'silent'; readonly status: ProblemStatus }
  /** Its `ttl` has passed without another result. */
  | { readonly kind: 'ttl'; readonly status: ProblemStatus }
  /** It is defined, and no result of it is known; rare: it runs by `cron`, or less than once in five minutes. */
  | { readonly kind: 'never_ran'; readonly status: ProblemStatus; readonly isRare: boolean };

export type ProblemKind = Problem['kind'];

/** The label `severity` of a status. */
export const SEVERITIES = { 1: 'warning', 2: 'critical', 3: 'unknown' } as const;

/** 1 and 2 as they are, every other status UNKNOWN. */
export function problemStatusOf(status: number): ProblemStatus {
  return status === 1 || status === 2 ? status : 3;
}
