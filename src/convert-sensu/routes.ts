import { formatDuration } from '../platform/duration.ts';
import type { Check, Handler, SensuDefinitions } from './definitions.ts';
import { anyOf } from './rules.ts';
import { toTimeInterval, type TimeInterval } from './time-intervals.ts';

interface Route {
  receiver: string;
  matchers?: string[] | undefined;
  repeat_interval?: string | undefined;
  mute_time_intervals?: string[] | undefined;
  continue?: boolean;
}

/** Alertmanager's `route` and `time_intervals`. */
export interface Routing {
  readonly route: Route & { readonly routes: readonly Route[] };
  readonly time_intervals: readonly TimeInterval[];
  /** The handlers that some route leads to; each needs a receiver. */
  readonly handlers: readonly string[];
}

/** The receiver of what Sensu handled nowhere: without a destination. */
export const NOBODY = 'nobody';

const REFRESH = 1800;

/** Routes by check, so that the alert on a silent check goes where the alert on a failing one does. */
export function toRouting({ checks, handlers }: SensuDefinitions): Routing {
  const intervals = subdueIntervals(checks);
  const routes = [...handlers.keys()].flatMap((handler) => {
    const names = [...checks.keys()].filter((name) => isHandledBy(handler, name, { checks, handlers }));
    return [
      ...routesByTiming(handler, handlers.get(handler), names, checks, intervals),
      ...(reaches('default', handler, handlers) ? [routeOfOthers(handler, [...checks.keys()])] : []),
    ];
  });
  const unhandled = [...checks].filter(([, check]) => !check.handle).map(([name]) => name);
  return {
    route: {
      receiver: NOBODY,
      // One notification per check of a node, as in Sensu: the templates are written for it.
      ...{ group_by: ['client', 'check'], group_wait: '5s', group_interval: '30s' },
      repeat_interval: formatDuration(REFRESH * 1000),
      routes: [
        ...(unhandled.length > 0 ? [{ receiver: NOBODY, matchers: [checkIs(unhandled)] }] : []),
        ...routes,
      ],
    },
    time_intervals: [...new Set(intervals.values())],
    handlers: [...new Set(routes.map(({ receiver }) => receiver))],
  };
}

/** The handlers that Sensu looks for: `handlers`, else `handler`, else the one named default (server/process.rb). */
export function handlerNames({ handlers, handler }: Check): readonly string[] {
  return handlers ?? [handler ?? 'default'];
}

function isHandledBy(
  handler: string,
  name: string,
  { checks, handlers }: Pick<SensuDefinitions, 'checks' | 'handlers'>,
): boolean {
  const check = checks.get(name);
  return check?.handle === true && handlerNames(check).some((first) => reaches(first, handler, handlers));
}

// Whether a handler is the target, or a set with the target in it.
function reaches(
  from: string,
  target: string,
  handlers: ReadonlyMap<string, Handler>,
  seen: readonly string[] = [],
): boolean {
  const handler = handlers.get(from);
  if (handler === undefined || seen.includes(from)) return false;
  if (handler.type !== 'set') return from === target;
  return handler.handlers.some((member) => reaches(member, target, handlers, [...seen, from]));
}

// A route for each way of timing that the handler's checks have.
function routesByTiming(
  receiver: string,
  handler: Handler | undefined,
  names: readonly string[],
  checks: ReadonlyMap<string, Check>,
  intervals: ReadonlyMap<string, TimeInterval>,
): Route[] {
  const routes = new Map<string, { timing: Partial<Route>; names: string[] }>();
  for (const name of names) {
    const refresh = checks.get(name)?.refresh ?? REFRESH;
    const mute = intervals.get(name);
    const timing = {
      repeat_interval: refresh === REFRESH ? undefined : formatDuration(refresh * 1000),
      mute_time_intervals: mute && [mute.name],
    };
    const key = JSON.stringify(timing);
    routes.set(key, { timing, names: [...(routes.get(key)?.names ?? []), name] });
  }
  return [...routes.values()].map(({ timing, names }) => ({
    receiver,
    matchers: [checkIs(names), ...severityIs(handler?.severities)],
    ...timing,
    continue: true,
  }));
}

// Agents that are down, and checks that no file defines.
function routeOfOthers(receiver: string, names: readonly string[]): Route {
  return {
    receiver,
    matchers: names.length === 0 ? undefined : [`check!~"${anyOf(names)}"`],
    continue: true,
  };
}

function checkIs(names: readonly string[]): string {
  return names.length === 1 ? `check="${names.join()}"` : `check=~"${anyOf(names)}"`;
}

function severityIs(severities: readonly string[] | undefined): string[] {
  return severities === undefined
    ? []
    : [`severity=~"${severities.filter((severity) => severity !== 'ok').join('|')}"`];
}

// Checks with the same subdue share an interval, named after the first of them.
function subdueIntervals(checks: ReadonlyMap<string, Check>): Map<string, TimeInterval> {
  const shared = new Map<string, TimeInterval>();
  const intervals = new Map<string, TimeInterval>();
  for (const [name, { subdue }] of checks) {
    if (subdue === undefined) continue;
    const key = JSON.stringify(subdue);
    const interval = shared.get(key) ?? toTimeInterval(`subdue-${name}`, subdue);
    if (interval === undefined) continue;
    shared.set(key, interval);
    intervals.set(name, interval);
  }
  return intervals;
}
