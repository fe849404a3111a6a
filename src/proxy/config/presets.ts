/** A block of the file, before anything of it has been checked. */
export type Settings = Readonly<Record<string, unknown>>;

/** What a source has unless its keys say otherwise. */
export interface Preset {
  /** Scheme and host, where every source of this kind has the same. */
  readonly base?: string;
  /** What comes after the base in `url`, and in `batch.url`. */
  readonly path: string;
  readonly batch?: { readonly path: string } & Settings;
  readonly settings: Settings;
  /** Blocks of which each key counts by itself. */
  readonly blocks?: Readonly<Record<string, Settings>>;
}

const STATUS_WORDS = "@ == `0` && 'OK' || @ == `1` && 'WARNING' || @ == `2` && 'CRITICAL' || @ && 'UNKNOWN'";
const STATUS_DIGITS = "@ == `0` && '0' || @ == `1` && '1' || @ == `2` && '2' || @ && '3'";
const STATUS_WHILE_FIRING = '(check.status == `0` && last_non_ok.status || check.status)';
const UNKNOWN_RESULT = "contains(keys(@), 'last_result') && 'The agent knows no result of this check.'";

// While an alert fires, its text is that of the last result that was not OK, though the check may have become OK a moment ago.
// `last_result` is there only if the check has not run.
const AGENT_ANNOTATIONS = {
  check_output: {
    firing: [
      'check.status && check.status != `0` && [check.output]',
      "last_non_ok && ['The check is OK by now. What it said before:', last_non_ok.output]",
      UNKNOWN_RESULT,
      "check.output && ['The check is OK by now. It says:', check.output]",
    ].join(' || '),
    resolved: `${UNKNOWN_RESULT} || check.output`,
  },
  check_status_text: {
    firing: `${STATUS_WHILE_FIRING} | (${STATUS_WORDS})`,
    resolved: `check.status | (${STATUS_WORDS})`,
  },
  check_status: {
    firing: `${STATUS_WHILE_FIRING} | (${STATUS_DIGITS})`,
    resolved: `check.status | (${STATUS_DIGITS})`,
  },
  check_issued: {
    firing: 'check.status == `0` && last_non_ok.issued_text || issued_text',
    resolved: 'issued_text',
  },
  check_command: 'check.command',
  // The name that the node has in Sensu, whatever Prometheus calls it.
  client_name: 'check.source || client',
  check_occurrences: 'check.occurrences',
  client_address: 'client_attributes.address',
  client_subscriptions: "client_attributes.subscriptions && join(',', client_attributes.subscriptions)",
  notification: 'check.notification',
  playbook: 'check.playbook',
};

const CHECKS = { label: 'check', list: 'checks', name: 'check.name' };
/** One host answers for all nodes. */
const CENTRAL = { timeout: '2s', max_concurrency: 32 };

/** The agent, asked at the address at which Prometheus scraped it. */
const AGENT: Preset = {
  base: 'http://{instance}',
  path: '/checks/{check}?max_bytes=4000',
  batch: { path: '/checks?output=1&max_bytes=4000&names={check}', ...CHECKS },
  settings: {
    name: 'node-agent',
    matchers: ['instance=~".+"', 'check=~".+"'],
    annotations: AGENT_ANNOTATIONS,
  },
  blocks: { allow: { ports: [9470] } },
};

/** Results that a node reports for another device, such as a switch: the label `source` names the device. */
const AGENT_DEVICES: Preset = {
  ...AGENT,
  path: `${AGENT.path}&source={source}`,
  batch: { ...CHECKS, path: '/checks?output=1&max_bytes=4000&names={check}&source={source}' },
  settings: {
    ...AGENT.settings,
    name: 'node-agent-devices',
    matchers: ['instance=~".+"', 'check=~".+"', 'source=~".+"'],
  },
};

/** By name: what the sources of a preset have, the most special one first. */
export const PRESETS = {
  agent: [AGENT_DEVICES, AGENT],
  pushgateway: [
    {
      path: '/clients/{client}/checks/{check}?max_bytes=4000',
      batch: { path: '/clients/{client}/checks?output=1&max_bytes=4000&names={check}', ...CHECKS },
      settings: {
        name: 'pushgateway',
        matchers: ['client=~".+"', 'check=~".+"'],
        annotations: AGENT_ANNOTATIONS,
        ...CENTRAL,
      },
    },
  ],
  'sensu-core': [
    {
      path: '/results/{client}/{check}',
      settings: {
        name: 'sensu-core',
        matchers: ['client=~".+"', 'check=~".+"'],
        annotations: {
          check_output: 'check.output',
          check_command: 'check.command',
          notification: 'check.notification',
        },
        ...CENTRAL,
      },
    },
  ],
  'sensu-go': [
    {
      path: '/api/core/v2/namespaces/default/events/{entity}/{check}',
      settings: {
        name: 'sensu-go',
        matchers: ['entity=~".+"', 'check=~".+"'],
        annotations: {
          check_output: 'check.output',
          check_state: 'check.state',
          check_occurrences: 'check.occurrences',
        },
        ...CENTRAL,
      },
    },
  ],
  icinga2: [
    {
      // Icinga separates host and service with an exclamation mark.
      path: '/v1/objects/services/{host}%21{service}?attrs=last_check_result',
      settings: {
        name: 'icinga2',
        matchers: ['host=~".+"', 'service=~".+"'],
        annotations: {
          check_output: 'results[0].attrs.last_check_result.output',
          check_source: 'results[0].attrs.last_check_result.check_source',
        },
        ...CENTRAL,
      },
    },
  ],
  checkmk: [
    {
      path:
        '/check_mk/api/1.0/objects/host/{host}/actions/show_service/invoke?service_description={service}' +
        '&columns=plugin_output&columns=long_plugin_output',
      settings: {
        name: 'checkmk',
        matchers: ['host=~".+"', 'service=~".+"'],
        // The summary, then the details if there are any.
        annotations: {
          check_output: 'join(`"\\n"`, [extensions.plugin_output, extensions.long_plugin_output][?@])',
        },
        timeout: '2s',
        max_concurrency: 16,
      },
      blocks: { http_headers: { Accept: { values: ['application/json'] } } },
    },
  ],
} as const satisfies Readonly<Record<string, readonly Preset[]>>;
