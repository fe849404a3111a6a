import { nextCronRun } from '../sensu/cron.ts';
import type { CheckResult, JsonRecord } from './result.ts';
import type { CheckState } from './state.ts';
import type { LeftOut } from './store.ts';

/** A check that has run, or that the configuration says will run. */
export interface KnownCheck {
  readonly name: string;
  /** The Sensu proxy client that its results are about, if not the node. */
  readonly source: string | undefined;
  /** Undefined if no result is known. */
  readonly state: CheckState | undefined;
  /** The configuration's definition; empty if there is none. */
  readonly definition: JsonRecord;
  /** When a run was last left out because the check is subdued; undefined if never. */
  readonly lastSubdued: LeftOut | undefined;
}

/** The check of the node with that name, else the one of its only proxy client; or that of the given proxy client. */
export function selectCheck(
  checks: readonly KnownCheck[],
  name: string,
  source: string | undefined,
): KnownCheck | undefined {
  const named = checks.filter((check) => check.name === name);
  const matching = named.filter((check) => check.source === source);
  return matching[0] ?? (source === undefined && named.length === 1 ? named[0] : undefined);
}

/** Seconds between two runs, as the configuration or the last result tells; undefined for a check that runs by `cron`. */
export function intervalOf(check: KnownCheck): number | undefined {
  return cronOf(check) === undefined ? numberOf(check, 'interval') : undefined;
}

// Of each result, because it takes too long to compute them for all checks at each scrape.
const nextRuns = new WeakMap<CheckResult, { readonly cron: string; readonly at: number | undefined }>();

/**
 * When a check that runs by `cron` is due after its last run, in seconds since the epoch and the time zone of this
 * process; undefined for others, and before the first run.
 */
export function nextExecutionOf(check: KnownCheck): number | undefined {
  const cron = cronOf(check);
  const result = check.state?.result;
  if (cron === undefined || result === undefined) return undefined;
  let next = nextRuns.get(result);
  if (next?.cron !== cron) {
    next = { cron, at: secondsAfter(cron, result.executed) };
    nextRuns.set(result, next);
  }
  return next.at;
}

/** Seconds after which a result says nothing any more, for checks that have a `ttl`. */
export function ttlOf(check: KnownCheck): number | undefined {
  return numberOf(check, 'ttl');
}

/** Whether a check has been silent for longer than its `ttl`, or else for three intervals or two runs by `cron`. */
export function isStale(check: KnownCheck, now: number): boolean {
  if (check.state === undefined) return false;
  return now / 1000 > staleFrom(check, check.state.result.executed);
}

function staleFrom(check: KnownCheck, executed: number): number {
  const ttl = ttlOf(check);
  const cron = cronOf(check);
  if (ttl === undefined && cron !== undefined) return secondsAfter(cron, nextExecutionOf(check)) ?? Infinity;
  return executed + (ttl ?? 3 * (intervalOf(check) ?? Infinity));
}

// As in Sensu, it wins over `interval`.
function cronOf({ definition, state }: KnownCheck): string | undefined {
  const isDefined = Object.keys(definition).length > 0;
  const cron = isDefined ? definition['cron'] : state?.result.attributes['cron'];
  return typeof cron === 'string' ? cron : undefined;
}

function secondsAfter(cron: string, seconds: number | undefined): number | undefined {
  const next = seconds === undefined ? undefined : nextCronRun(cron, seconds * 1000);
  return next === undefined ? undefined : next / 1000;
}

function numberOf({ definition, state }: KnownCheck, key: 'interval' | 'ttl'): number | undefined {
  const value = definition[key] ?? state?.result.attributes[key];
  return typeof value === 'number' ? value : undefined;
}
