type Attributes = Readonly<Record<string, unknown>>;
type Reason = readonly [attribute: string, reason: string];

// All that sensu-settings 10.17 knows (validators/*.rb) is converted, or below, or has a sentence of its own in unconverted.ts.

/** Of checks. */
export const CHECK_REASONS: readonly Reason[] = [
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
  ['mail_to', 'write a route on the label client'],
  ['slack_channel', 'write a route on the label client'],
  ['keepalive', 'CheckAgentDown in check-health.yml tells of every node in the same way'],
  ['keepalives', 'CheckAgentDown in check-health.yml tells of every node that Prometheus scrapes'],
  ['registration', 'nobody is told of a new node'],
  ['deregister', 'take a node that is gone out of scrape_configs'],
  ['deregistration', 'take a node that is gone out of scrape_configs'],
  ['signature', 'nothing compares it; protect the agent with --web.config.file'],
  ['client_key', 'nothing compares it; protect the agent with --web.config.file'],
  ['contact', 'write a route on the label client'],
  ['contacts', 'write a route on the label client'],
];

/** Of all settings, by their top-level key. */
export const SETTINGS_REASONS: readonly Reason[] = [
  ['extensions', 'they run inside Sensu only'],
  ['mutators', 'nothing changes an alert on its way to a receiver'],
  ['contacts', 'write a receiver and a route for each'],
  ['transport', 'Prometheus scrapes the agents; there is no transport'],
  ['rabbitmq', 'Prometheus scrapes the agents; there is no transport'],
  ['redis', 'Prometheus and Alertmanager keep their own state'],
  ['api', 'ask the agents and Alertmanager'],
  ['agent', 'it is of Sensu only'],
  ['tessen', 'nothing is reported to anybody'],
];

/** Of the settings of Sensu itself; its spawn limit is the runner's. */
export const SENSU_REASONS: readonly Reason[] = [
  ['keepalives', 'CheckAgentDown in check-health.yml tells of every node in the same way'],
  ['global_error_handler', 'it is of Sensu only'],
  ['server', 'there is no Sensu server'],
];

/** A sentence for each attribute that is there and has a reason. */
export function sentences(label: string, attributes: Attributes, reasons: readonly Reason[]): string[] {
  return reasons
    .filter(([attribute]) => attributes[attribute] !== undefined)
    .map(([attribute, reason]) => `${label}: ${attribute}: ${reason}`);
}
