import type { Check, Handler, SensuDefinitions } from './definitions.ts';
import type { Fact, Subject } from './fact.ts';
import { handlerNames, membersOf, undefinedMembersOf } from './handler-sets.ts';
import { keepaliveFacts, readKeepalives } from './keepalives.ts';
import { isForAlerts, receiverOf, UNROUTED } from './routes.ts';
import { toTimeInterval } from './time-intervals.ts';
import {
  attributeFacts,
  CHECK_REASONS,
  CLIENT_REASONS,
  HANDLER_REASONS,
  SENSU_REASONS,
  SETTINGS_REASONS,
  soleFacts,
} from './unconverted-attributes.ts';

type Attributes = Readonly<Record<string, unknown>>;

/**
 * What of the definitions has no counterpart in the rules and routes, and what to do instead.
 * `routed` are the handlers that a route leads to.
 */
export function listUnconverted(definitions: SensuDefinitions, routed: ReadonlySet<string>): Fact[] {
  const { checks, handlers, settings, otherSettings } = definitions;
  return [
    ...(Object.keys(settings.get('checks') ?? {}).length === 0 ? [NO_CHECKS] : []),
    ...defaultFacts(definitions),
    ...keepaliveFacts(definitions),
    ...[...checks].flatMap(([name, check]) => checkFacts(name, check, handlers)),
    ...[...handlers].flatMap(([name, handler]) => handlerFacts(name, handler, settings.get('filters'))),
    ...[...handlers]
      .filter(([name, handler]) => handler.type !== 'set' && isForAlerts(handler) && !routed.has(name))
      .map(([name]) => different('handler', name, 'no check that is handled leads to it; it has no route')),
    ...soleFacts('attribute of client', settings.get('client') ?? {}, CLIENT_REASONS),
    ...soleFacts('attribute of settings', Object.fromEntries(settings), SETTINGS_REASONS),
    ...otherSettings.flatMap(otherSetting),
    ...soleFacts('attribute of sensu', settings.get('sensu') ?? {}, SENSU_REASONS),
  ];
}

const NO_CHECKS: Fact = {
  weight: 'unheard',
  subject: 'plain',
  name: 'checks',
  text: 'none are defined here; run this where they are, on the Sensu server or on a folder with the files of both sides',
};

function different(subject: Subject, name: string, text: string): Fact {
  return { weight: 'different', subject, name, text };
}

function unheard(subject: Subject, name: string, text: string): Fact {
  return { weight: 'unheard', subject, name, text };
}

// Sensu takes a URL or a list for some; whatever it is, its value may be a secret.
function otherSetting(key: string): Fact[] {
  const facts = soleFacts('attribute of settings', { [key]: true }, SETTINGS_REASONS);
  return facts.length > 0
    ? facts
    : [different('attribute of settings', key, 'it is not an object, so nothing of it is converted')];
}

function defaultFacts(definitions: SensuDefinitions): Fact[] {
  const { handlers } = definitions;
  const what = readKeepalives(definitions).length > 0 ? 'on' : 'on agents that are down and on';
  if (membersOf('default', handlers).length > 0) return [];
  return undefinedMembersOf('default', handlers).map((handler) =>
    unheard(
      'handler',
      handler,
      `it is not defined, so alerts ${what} checks that no file defines reach nobody; give receiver "${UNROUTED}" a destination`,
    ),
  );
}

function checkFacts(name: string, check: Check, handlers: ReadonlyMap<string, Handler>): Fact[] {
  const texts = [
    ...(check['type'] === 'metric'
      ? ['type metric: its output went to metric handlers; have Prometheus scrape an exporter']
      : []),
    ...(check['auto_resolve'] === false
      ? ['auto_resolve: its alert is resolved by the first OK now; a long keep_firing_for holds it']
      : []),
    ...queues(check['subscribers']).map(
      (queue) => `subscribers: every node that subscribes to "${queue}" runs it, not one of them`,
    ),
    ...(check['cron'] !== undefined && check.occurrences > 1
      ? ['occurrences: a check that runs by cron has no interval to wait for; set "for" by hand']
      : []),
    ...(check.refresh > RETENTION_SECONDS
      ? [
          'refresh: an alert that goes on is repeated each five days, as Alertmanager forgets what it told; start it with a longer --data.retention',
        ]
      : []),
    ...(check.subdue === undefined ? [] : toTimeInterval('', check.subdue).unconverted).map(
      (reason) => `subdue: ${reason}`,
    ),
  ];
  return [
    ...(check.handle ? undefinedHandlers(name, handlerNames(check), handlers) : []),
    ...attributeFacts({ subject: 'check', name }, check, CHECK_REASONS),
    ...texts.map((text) => different('check', name, text)),
  ];
}

// Alertmanager's --data.retention, unless it is set.
const RETENTION_SECONDS = 120 * 3600;

// Sensu gave each request of such a subscription to one client only.
function queues(subscribers: unknown): string[] {
  if (!Array.isArray(subscribers)) return [];
  return subscribers.filter(
    (name): name is string => typeof name === 'string' && /^(roundrobin|direct):/.test(name),
  );
}

function undefinedHandlers(
  check: string,
  names: readonly string[],
  handlers: ReadonlyMap<string, Handler>,
): Fact[] {
  const defined = names
    .flatMap((name) => membersOf(name, handlers))
    .flatMap((name) => handlers.get(name) ?? []);
  const consequence = defined.some(isForAlerts)
    ? 'alerts notify the other handlers only'
    : 'alerts notify nobody';
  const missing = new Set(names.flatMap((name) => undefinedMembersOf(name, handlers)));
  return [...missing].map((handler) =>
    unheard('check', check, `handler "${handler}" is not defined; ${consequence}`),
  );
}

const SEVERITIES = ['ok', 'warning', 'critical', 'unknown'];

function handlerFacts(name: string, handler: Handler, filters: Attributes = {}): Fact[] {
  const names = handler.filter === undefined ? handler.filters : [handler.filter, ...handler.filters];
  return [
    ...attributeFacts({ subject: 'handler', name }, handler, HANDLER_REASONS),
    ...(handler.severities ?? [])
      .filter((severity) => !SEVERITIES.includes(severity))
      .map((severity) =>
        unheard(
          'handler',
          name,
          `severities: "${severity}" is not ok, warning, critical or unknown, so it matches nothing`,
        ),
      ),
    ...(isForAlerts(handler)
      ? []
      : [
          different(
            'handler',
            name,
            'severities: a route takes alerts, and no RESOLVED without its alert; it has no route',
          ),
        ]),
    ...(receiverOf(name) === name
      ? []
      : [
          different(
            'handler',
            name,
            `its receiver is named "${receiverOf(name)}", as "${name}" is one of ours`,
          ),
        ]),
    // Every alert waits for its occurrences and repeats at its refresh.
    ...names
      .filter((filter) => filter !== 'occurrences')
      .map((filter) =>
        different(
          'handler',
          name,
          `filter "${filter}": ${filterReason(filters[filter])}; more is notified than before`,
        ),
      ),
  ];
}

function filterReason(filter: unknown): string {
  if (filter === undefined) return 'it is built into Sensu or an extension';
  return JSON.stringify(filter).includes('"eval:')
    ? 'it is Ruby code'
    : 'it looks at attributes of Sensu events; write matchers or a rule';
}
