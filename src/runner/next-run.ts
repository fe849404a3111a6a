import { createHash } from 'node:crypto';
import type { CheckTiming } from '../sensu/check-definition.ts';
import { nextCronRun } from '../sensu/cron.ts';

// Long waits are cut so that a clock that was set, or a machine that slept, is noticed.
const LONGEST_WAIT_MS = 60_000;

/**
 * When a check runs next after `now`, in epoch milliseconds. Intervals follow Sensu's splay (client/process.rb
 * calculate_check_execution_splay): a place in the interval that depends on the names only, so it survives restarts.
 */
export function nextRun(client: string, check: string, timing: CheckTiming, now: number): number | undefined {
  if (timing.kind === 'cron') return nextCronRun(timing.expression, now);
  if (timing.kind === 'none') return undefined;
  const interval = BigInt(timing.seconds) * 1000n;
  const hash = createHash('md5').update(`${client}:${check}`).digest().readBigUInt64LE(0);
  const earliest = BigInt(Math.floor(now)) + 1n;
  const wait = (((hash - earliest) % interval) + interval) % interval;
  return Number(earliest + wait);
}

/** Calls `run` at each time that `next` names; returns what ends it. */
export function startSchedule(next: (now: number) => number | undefined, run: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let due = next(Date.now());
  const wait = (): void => {
    if (due === undefined) return;
    timer = setTimeout(wake, Math.min(Math.max(due - Date.now(), 1), LONGEST_WAIT_MS));
  };
  const wake = (): void => {
    const now = Date.now();
    if (due !== undefined && now >= due) run();
    due = next(now);
    wait();
  };
  wait();
  return () => {
    clearTimeout(timer);
  };
}
