import { formatDuration } from '../platform/time/duration.ts';
import type { Check, Handler, SensuDefinitions } from './definitions.ts';
import { handlerNames, isUnhandled, membersOf } from './handler-sets.ts';
import { KEEPALIVE_ALERT, readKeepalives, type Keepalive } from './keepalives.ts';
import { labelIsAnyOf, labelIsNoneOf } from '../alertmanager-api/write-matcher.ts';
import { toTimeInterval, type TimeInterval } from './time-intervals.ts';

interface Route {
  receiver: string;
  matchers?: string[] | undefined;
  repeat_interval?: string | undefined;
  mute_time_intervals?: string[] | undefined;
  continue?: boolean;
  routes?: Route[];
}

interface RootRoute extends Route {
  group_by: string[];
  group_wait: string;
  group_interval: string;
  routes: Route[];
}

/** Alertmanager's `route` and `time_intervals`. */
export interface Routing {
  readonly route: RootRoute;
  readonly time_intervals: readonly TimeInterval[];
}

/** The receiver of what nobody is to be told, as Sensu told nobody: without a destination, which it is to stay. */
export const NOBODY = 'nobody';
/** The receiver of what no handler is there for: without a destination, until it is given one. */
export const UNROUTED = 'unrouted';

/** The receiver of a handler: of the same name, unless that is one of those above, or made from one here. */
export function receiverOf(handler: string): string {
  return /^(sensu-)*(nobody|unrouted)$/.test(handler) ? `sensu-${handler}` : handler;
}

// Sensu's default, in seconds.
const REFRESH = 1800;

/** Routes by check, so that the alert on a silent check goes where the alert on a failing one does. */
export function toRouting(definitions: SensuDefinitions): Routing {
  const { checks, handlers } = definitions;
  const intervals = subdueIntervals(checks);
  const isNobodyTold = (check: Check): boolean => !check.handle || isUnhandled(handlerNames(check), handlers);
  const unhandled = [...checks].filter(([, check]) => isNobodyTold(check)).map(([name]) => name);
  const keepalives = readKeepalives(definitions);
  const toDefault = membersOf('default', handlers);
  const others = othersMatchers([...checks.keys()], keepalives);
  return {
    route: {
      receiver: UNROUTED,
      // One notification per check of a node, as in Sensu: the templates are written for it.
      group_by: ['client', 'check'],
      group_wait: '5s',
      group_interval: '30s',
      repeat_interval: formatDuration(REFRESH * 1000),
      routes: [
        ...(unhandled.length > 0 ? [{ receiver: NOBODY, matchers: [labelIsAnyOf('check', unhandled)] }] : []),
        ...keepalives.flatMap((keepalive) => keepaliveRoutes(keepalive, handlers)),
        ...[...handlers]
          .filter(([, handler]) => isForAlerts(handler))
          .flatMap(([name, handler]) => [
            ...routesByTiming(name, handler, checksOf(name, checks, handlers), intervals),
            ...(toDefault.includes(name) ? [routeOfOthers(name, handler, others)] : []),
          ]),
      ],
    },
    time_intervals: [...new Set(intervals.values())],
  };
}

function keepaliveRoutes(
  { matchers, handlers: names }: Keepalive,
  handlers: SensuDefinitions['handlers'],
): Route[] {
  if (isUnhandled(names, handlers)) return [{ receiver: NOBODY, matchers: [...matchers] }];
  const members = [...new Set(names.flatMap((name) => membersOf(name, handlers)))];
  return members
    .filter((name) => isForAlerts(handlers.get(name) ?? { severities: [] }))
    .map((name) => ({ receiver: receiverOf(name), matchers: [...matchers], continue: true }));
}

// Agents that are down unless a keepalive says who is told, and checks that no file defines.
function othersMatchers(names: readonly string[], keepalives: readonly Keepalive[]): string[] | undefined {
  const matchers = [
    ...(names.length === 0 ? [] : [labelIsNoneOf('check', names)]),
    ...(keepalives.length === 0 ? [] : [KEEPALIVE_ALERT.replace('=', '!=')]),
  ];
  return matchers.length === 0 ? undefined : matchers;
}

type NamedCheck = readonly [name: string, check: Check];

function checksOf(
  handler: string,
  checks: SensuDefinitions['checks'],
  handlers: SensuDefinitions['handlers'],
): NamedCheck[] {
  const isHandled = (check: Check): boolean =>
    check.handle && handlerNames(check).some((name) => membersOf(name, handlers).includes(handler));
  return [...checks].filter(([, check]) => isHandled(check));
}

// A route for each way of timing that the handler's checks have.
function routesByTiming(
  handler: string,
  { severities }: Handler,
  checks: readonly NamedCheck[],
  intervals: ReadonlyMap<string, TimeInterval>,
): Route[] {
  const groups = new Map<string, { timing: Partial<Route>; names: string[] }>();
  for (const [name, { refresh }] of checks) {
    const mute = intervals.get(name);
    const timing = {
      repeat_interval: refresh === REFRESH ? undefined : formatDuration(refresh * 1000),
      mute_time_intervals: mute && [mute.name],
    };
    const key = JSON.stringify(timing);
    groups.set(key, { timing, names: [...(groups.get(key)?.names ?? []), name] });
  }
  return [...groups.values()].map(({ timing, names }) => ({
    receiver: receiverOf(handler),
    matchers: [labelIsAnyOf('check', names)],
    ...timing,
    continue: true,
    ...withoutOthers(severities),
  }));
}

function routeOfOthers(handler: string, { severities }: Handler, matchers: string[] | undefined): Route {
  return { receiver: receiverOf(handler), matchers, continue: true, ...withoutOthers(severities) };
}

/** Whether a handler takes any severity that an alert can have: OK is no alert, but the end of one. */
export function isForAlerts({ severities }: Pick<Handler, 'severities'>): boolean {
  return severities?.some((severity) => severity !== 'ok') ?? true;
}

// Of failures only: that a check is dead has a severity of its own, and must reach those who would hear of its failure.
function withoutOthers(severities: readonly string[] | undefined): Pick<Route, 'routes'> {
  if (severities === undefined) return {};
  const taken = severities.filter((severity) => severity !== 'ok');
  return {
    routes: [{ receiver: NOBODY, matchers: ['alertname="CheckFailed"', labelIsNoneOf('severity', taken)] }],
  };
}

// Checks with the same subdue share an interval, named after the first of them.
function subdueIntervals(checks: ReadonlyMap<string, Check>): Map<string, TimeInterval> {
  const shared = new Map<string, TimeInterval>();
  const intervals = new Map<string, TimeInterval>();
  for (const [name, { subdue }] of checks) {
    if (subdue === undefined) continue;
    const key = JSON.stringify(subdue);
    const interval = shared.get(key) ?? toTimeInterval(`subdue-${name}`, subdue).interval;
    if (interval === undefined) continue;
    shared.set(key, interval);
    intervals.set(name, interval);
  }
  return intervals;
}
