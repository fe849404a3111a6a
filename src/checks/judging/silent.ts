import { intervalOf, nextExecutionOf, type KnownCheck } from '../known-checks.ts';
import { silenceOf, type Circumstances } from './circumstances.ts';
import type { Problem } from './problem.ts';

const MINUTE = 60_000;

// A run of a check with a short interval shows at the next look at the log, and a busy node may be late.
const SHORTEST_PATIENCE = 2 * MINUTE;
// By cron, from when a run was due.
const SHORTEST_RUN = 10 * MINUTE;
// Else nobody would hear of a rare check on a node that is often started again.
const LONGEST_WATCH = 26 * 60 * MINUTE;

/**
 * The problem of a check that should run at an interval or by cron and does not: the runner or sensu-client is dead, or the
 * check hangs. Silence counts once the node has been watched for as long as the check may be silent.
 */
export function findSilence(check: KnownCheck, circumstances: Circumstances): Problem | undefined {
  const silence = silenceOf(check, circumstances);
  const patience = patienceOf(check);
  if (check.state === undefined || silence === undefined || patience === undefined) return undefined;
  const { now, watchedSince, found } = circumstances;
  const isWatched = now - watchedSince > Math.min(patience, LONGEST_WATCH);
  return silence > patience && (isWatched || found.has('silent')) ? { kind: 'silent', status: 1 } : undefined;
}

/** Milliseconds that a check may be silent: three intervals; by cron, until twice the time of a run after one was due. */
function patienceOf(check: KnownCheck): number | undefined {
  const interval = intervalOf(check);
  if (interval !== undefined) return Math.max(3000 * interval, SHORTEST_PATIENCE);
  const next = nextExecutionOf(check);
  const result = check.state?.result;
  if (next === undefined || result === undefined) return undefined;
  const { duration } = result.attributes;
  const run = typeof duration === 'number' ? Math.max(2000 * duration, SHORTEST_RUN) : SHORTEST_RUN;
  return 1000 * (next - result.executed) + run;
}
