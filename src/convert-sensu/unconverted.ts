import type { Check, Handler, SensuDefinitions } from './definitions.ts';
import { handlerNames, membersOf, undefinedMembersOf } from './handler-sets.ts';
import { isForAlerts } from './routes.ts';
import { toTimeInterval } from './time-intervals.ts';

type Attributes = Readonly<Record<string, unknown>>;
type Reason = readonly [attribute: string, reason: string];

const CHECK_REASONS: readonly Reason[] = [
  ['aggregate', 'a result over many nodes is a rule, such as count by (check) (check_status == 2) > 3'],
  ['aggregates', 'a result over many nodes is a rule, such as count by (check) (check_status == 2) > 3'],
  ['dependencies', 'write an entry of inhibit_rules'],
  ['low_flap_threshold', 'Alertmanager does not look for flapping; a longer "for" damps it'],
  ['contact', 'write a route on the check, to a receiver of the contact'],
  ['contacts', 'write a route on the check, to a receiver of each contact'],
  ['slack_channel', 'write a route on the check, to a receiver with that channel'],
  ['template', 'texts are Alertmanager templates now'],
  ['subject_template', 'texts are Alertmanager templates now'],
  ['content_type', 'the shipped templates are plain text'],
];

const HANDLER_REASONS: readonly Reason[] = [
  ['mutator', 'nothing changes an alert on its way to a receiver; use a template'],
  ['handle_flapping', 'Alertmanager does not look for flapping'],
  ['handle_silenced', 'Alertmanager notifies no silenced alert'],
];

const CLIENT_REASONS: readonly Reason[] = [
  ['mail_to', 'write a route on the label client'],
  ['slack_channel', 'write a route on the label client'],
  ['keepalive', 'CheckAgentDown in check-health.yml tells of every node in the same way'],
  ['contact', 'write a route on the label client'],
  ['contacts', 'write a route on the label client'],
];

const SETTINGS_REASONS: readonly Reason[] = [
  ['extensions', 'they run inside Sensu only'],
  ['mutators', 'nothing changes an alert on its way to a receiver'],
  ['contacts', 'write a receiver and a route for each'],
];

/** What of the definitions has no counterpart in the rules and routes, and what to do instead: a sentence each. */
export function listUnconverted({ checks, handlers, settings }: SensuDefinitions): string[] {
  return [
    ...[...checks].flatMap(([name, check]) => checkSentences(name, check, handlers)),
    ...[...handlers].flatMap(([name, handler]) => handlerSentences(name, handler, settings.get('filters'))),
    ...sentences('client', settings.get('client') ?? {}, CLIENT_REASONS),
    ...sentences('settings', Object.fromEntries(settings), SETTINGS_REASONS),
    ...(membersOf('default', handlers).length > 0
      ? []
      : undefinedMembersOf('default', handlers).map(noDefault)),
  ];
}

function noDefault(handler: string): string {
  return `handler "${handler}" is not defined: alerts on agents that are down, and on checks that no file defines, reach nobody; give receiver "nobody" a destination`;
}

function checkSentences(name: string, check: Check, handlers: ReadonlyMap<string, Handler>): string[] {
  const label = `check "${name}"`;
  return [
    ...sentences(label, check, CHECK_REASONS),
    ...(check.handle ? undefinedHandlers(label, handlerNames(check), handlers) : []),
    ...(check['type'] === 'metric'
      ? [`${label}: type metric: its output went to metric handlers; have Prometheus scrape an exporter`]
      : []),
    ...(check['cron'] !== undefined && check.occurrences > 1
      ? [`${label}: occurrences: a check that runs by cron has no interval to wait for; set "for" by hand`]
      : []),
    ...(check.subdue === undefined ? [] : toTimeInterval('', check.subdue).unconverted).map(
      (reason) => `${label}: subdue: ${reason}`,
    ),
  ];
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

function sentences(label: string, attributes: Attributes, reasons: readonly Reason[]): string[] {
  return reasons
    .filter(([attribute]) => attributes[attribute] !== undefined)
    .map(([attribute, reason]) => `${label}: ${attribute}: ${reason}`);
}
