import { Cron } from 'croner';

/** The first time after `now` that a 5-field cron expression matches, in local time; undefined if it is none or never does. */
export function nextCronRun(expression: string, now: number): number | undefined {
  try {
    return new Cron(expression, { mode: '5-part' }).nextRun(new Date(now))?.getTime();
  } catch {
    return undefined;
  }
}
