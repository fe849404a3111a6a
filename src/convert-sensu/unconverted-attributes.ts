import type { Fact, Subject, Weight } from './fact.ts';

type Attributes = Readonly<Record<string, unknown>>;
type Reason = readonly [attribute: string, reason: string, weight?: Weight];

// All that sensu-settings 10.17 knows (validators/*.rb) is converted, or below, or has a sentence of its own in unconverted.ts.

/** Of checks. */
export const CHECK_REASONS: readonly Reason[] = [
  ['aggregate', 'a result over many nodes is a rule, such as count by (check) (check_status == 2) > 3'],
  ['aggregates', 'a result over many nodes is a rule, such as count by (check) (check_status == 2) > 3'],
  ['dependencies', 'write an entry of inhibit_rules'],
  ['low_flap_threshold', 'Alertmanager does not look for flapping; a longer "for" damps it'],
  ['contact', 'write a route on the check, to a receiver of the contact', 'unheard'],
  ['contacts', 'write a route on the check, to a receiver of each contact', 'unheard'],
  ['slack_channel', 'write a route on the check, to a receiver with that channel', 'unheard'],
  ['template', 'texts are Alertmanager templates now'],
  ['subject_template', 'texts are Alertmanager templates now'],
  ['content_type', 'the shipped templates are plain text'],
  ['force_resolve', 'every OK resolves its alert'],
  ['truncate_output', 'the agent cuts outputs at bounds of its own'],
  ['truncate_output_length', 'the agent cuts outputs at bounds of its own'],
];

/** Of handlers. */
export const HANDLER_REASONS: readonly Reason[] = [
  ['mutator', 'nothing changes an alert on its way to a receiver; use a template'],
  ['handle_flapping', 'Alertmanager does not look for flapping'],
  ['handle_silenced', 'Alertmanager notifies no silenced alert'],
  ['timeout', 'Alertmanager has time limits of its own'],
  ['subdue', 'set mute_time_intervals of its route'],
];

/** Of the client. */
export const CLIENT_REASONS: readonly Reason[] = [
  ['mail_to', 'write a route on the label client', 'unheard'],
  ['slack_channel', 'write a route on the label client', 'unheard'],
  ['registration', 'nobody is told of a new node', 'needless'],
  ['deregister', 'take a node that is gone out of scrape_configs', 'needless'],
  ['deregistration', 'take a node that is gone out of scrape_configs', 'needless'],
  ['signature', 'nothing compares it; protect the agent with --web.config.file', 'needless'],
  ['client_key', 'nothing compares it; protect the agent with --web.config.file', 'needless'],
  ['contact', 'write a route on the label client', 'unheard'],
  ['contacts', 'write a route on the label client', 'unheard'],
];

/** Of all settings, by their top-level key. */
export const SETTINGS_REASONS: readonly Reason[] = [
  ['extensions', 'they run inside Sensu only', 'needless'],
  ['mutators', 'nothing changes an alert on its way to a receiver'],
  ['contacts', 'write a receiver and a route for each', 'unheard'],
  ['transport', 'Prometheus scrapes the agents; there is no transport', 'needless'],
  ['rabbitmq', 'Prometheus scrapes the agents; there is no transport', 'needless'],
  ['redis', 'Prometheus and Alertmanager keep their own state', 'needless'],
  ['api', 'ask the agents and Alertmanager', 'needless'],
  ['agent', 'it is of Sensu only', 'needless'],
  ['tessen', 'nothing is reported to anybody', 'needless'],
];

/** Of the settings of Sensu itself; its spawn limit is the runner's. */
export const SENSU_REASONS: readonly Reason[] = [
  ['global_error_handler', 'it is of Sensu only', 'needless'],
  ['server', 'there is no Sensu server', 'needless'],
];

/** What is not converted of the attributes of a thing: each that is there and has a reason. */
export function attributeFacts(
  thing: { readonly subject: Subject; readonly name: string },
  attributes: Attributes,
  reasons: readonly Reason[],
): Fact[] {
  return present(attributes, reasons).map(([attribute, reason, weight = 'different']) => ({
    ...thing,
    weight,
    text: `${attribute}: ${reason}`,
  }));
}

/** The same of things that are there once: the attributes are the names. */
export function soleFacts(
  subject: `attribute of ${'client' | 'sensu' | 'settings'}`,
  attributes: Attributes,
  reasons: readonly Reason[],
): Fact[] {
  return present(attributes, reasons).map(([name, text, weight = 'different']) => ({
    subject,
    name,
    text,
    weight,
  }));
}

function present(attributes: Attributes, reasons: readonly Reason[]): Reason[] {
  return reasons.filter(([attribute]) => attributes[attribute] !== undefined);
}
