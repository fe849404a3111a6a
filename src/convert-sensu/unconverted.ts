import type { Check, Handler, SensuDefinitions } from './definitions.ts';
import { handlerNames, membersOf, undefinedMembersOf } from './handler-sets.ts';
import { isForAlerts, UNROUTED } from './routes.ts';
import { toTimeInterval } from './time-intervals.ts';
import {
  CHECK_REASONS,
  CLIENT_REASONS,
  HANDLER_REASONS,
  SENSU_REASONS,
  SETTINGS_REASONS,
  sentences,
} from './unconverted-attributes.ts';

type Attributes = Readonly<Record<string, unknown>>;

/**
 * What of the definitions has no counterpart in the rules and routes, and what to do instead: a sentence each.
 * `routed` are the handlers that a route leads to.
 */
export function listUnconverted(
  { checks, handlers, settings, otherSettings }: SensuDefinitions,
  routed: ReadonlySet<string>,
): string[] {
  return [
    ...[...checks].flatMap(([name, check]) => checkSentences(name, check, handlers)),
    ...[...handlers].flatMap(([name, handler]) => handlerSentences(name, handler, settings.get('filters'))),
    ...[...handlers]
      .filter(([name, handler]) => handler.type !== 'set' && isForAlerts(handler) && !routed.has(name))
      .map(([name]) => `handler "${name}": no check that is handled leads to it; it has no route`),
    ...sentences('client', settings.get('client') ?? {}, CLIENT_REASONS),
    ...sentences('settings', Object.fromEntries(settings), SETTINGS_REASONS),
    ...otherSettings.flatMap(otherSetting),
    ...sentences('sensu', settings.get('sensu') ?? {}, SENSU_REASONS),
    ...(membersOf('default', handlers).length > 0
      ? []
      : undefinedMembersOf('default', handlers).map(noDefault)),
  ];
}

// Sensu takes a URL or a list for some; whatever it is, its value may be a secret.
function otherSetting(key: string): string[] {
  const reasons = sentences('settings', { [key]: true }, SETTINGS_REASONS);
  return reasons.length > 0 ? reasons : [`settings: ${key}: it is no object, so nothing of it is converted`];
}

function noDefault(handler: string): string {
  return `handler "${handler}" is not defined: alerts on agents that are down, and on checks that no file defines, reach nobody; give receiver "${UNROUTED}" a destination`;
}

function checkSentences(name: string, check: Check, handlers: ReadonlyMap<string, Handler>): string[] {
  const label = `check "${name}"`;
  return [
    ...sentences(label, check, CHECK_REASONS),
    ...(check.handle ? undefinedHandlers(label, handlerNames(check), handlers) : []),
    ...(check['type'] === 'metric'
      ? [`${label}: type metric: its output went to metric handlers; have Prometheus scrape an exporter`]
      : []),
    ...(check['auto_resolve'] === false
      ? [`${label}: auto_resolve: its alert is resolved by the first OK now; a long keep_firing_for holds it`]
      : []),
    ...queues(check['subscribers']).map(
      (queue) => `${label}: subscribers: every node that subscribes to "${queue}" runs it, not one of them`,
    ),
    ...(check['cron'] !== undefined && check.occurrences > 1
      ? [`${label}: occurrences: a check that runs by cron has no interval to wait for; set "for" by hand`]
      : []),
    ...(check.subdue === undefined ? [] : toTimeInterval('', check.subdue).unconverted).map(
      (reason) => `${label}: subdue: ${reason}`,
    ),
  ];
}

// Sensu gave each request of such a subscription to one client only.
function queues(subscribers: unknown): string[] {
  if (!Array.isArray(subscribers)) return [];
  return subscribers.filter(
    (name): name is string => typeof name === 'string' && /^(roundrobin|direct):/.test(name),
  );
}

function undefinedHandlers(
  label: string,
  names: readonly string[],
  handlers: ReadonlyMap<string, Handler>,
): string[] {
  const defined = names
    .flatMap((name) => membersOf(name, handlers))
    .flatMap((name) => handlers.get(name) ?? []);
  const consequence = defined.some(isForAlerts)
    ? 'its alerts notify its other handlers only'
    : 'its alerts notify nobody';
  const missing = new Set(names.flatMap((name) => undefinedMembersOf(name, handlers)));
  return [...missing].map((handler) => `${label}: handler "${handler}" is not defined; ${consequence}`);
}

function handlerSentences(name: string, handler: Handler, filters: Attributes = {}): string[] {
  const label = `handler "${name}"`;
  const names = handler.filter === undefined ? handler.filters : [handler.filter, ...handler.filters];
  return [
    ...sentences(label, handler, HANDLER_REASONS),
    ...(isForAlerts(handler)
      ? []
      : [`${label}: severities: a route takes alerts, and no RESOLVED without its alert; it has no route`]),
    // Every alert waits for its occurrences and repeats at its refresh.
    ...names
      .filter((filter) => filter !== 'occurrences')
      .map(
        (filter) =>
          `${label}: filter "${filter}": ${filterReason(filters[filter])}; more is notified than before`,
      ),
  ];
}

function filterReason(filter: unknown): string {
  if (filter === undefined) return 'it is built into Sensu or an extension';
  return JSON.stringify(filter).includes('"eval:')
    ? 'it is Ruby code'
    : 'it looks at attributes of Sensu events; write matchers or a rule';
}
