import { stringify } from 'yaml';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import type { SecretFile } from './converted-handler.ts';
import { toSentences, type Fact } from './fact.ts';
import { readDefinitions } from './definitions.ts';
import { toReceiver } from './receivers.ts';
import { NOBODY, receiverOf, toRouting, UNROUTED } from './routes.ts';
import { toRules } from './rules.ts';
import { TEMPLATES_FILE } from './shipped-templates.ts';
import { listUnconverted } from './unconverted.ts';

/** What became of a Sensu configuration. */
export interface Conversion {
  /** A Prometheus rule file. */
  readonly rules: string;
  /** An Alertmanager configuration. */
  readonly alertmanager: string;
  /** What is in neither, and why. */
  readonly unconverted: readonly Fact[];
}

/** Converts a Sensu configuration into Prometheus rules and Alertmanager routes, without any secret in them. */
export function convert(configuration: SensuConfiguration): Conversion {
  const definitions = readDefinitions(configuration);
  const { route, time_intervals } = toRouting(definitions);
  const receivers = new Set(route.routes.map(({ receiver }) => receiver));
  const routed = [...definitions.handlers].filter(([name]) => receivers.has(receiverOf(name)));
  const converted = routed.map(([name, handler]) => ({
    name: receiverOf(name),
    ...toReceiver(name, handler, definitions.settings),
  }));
  const traps = converted.flatMap((handler) => handler.traps);
  const alertmanager = {
    templates: [TEMPLATES_FILE],
    route,
    inhibit_rules: INHIBIT_RULES,
    time_intervals,
    receivers: [
      { name: UNROUTED },
      ...converted.map(({ name, receiver }) => ({ name, ...receiver })),
      { name: NOBODY },
    ],
  };
  const secrets = secretLines(converted.flatMap((handler) => handler.secrets));
  return {
    rules: document(RULES_HEADER, toRules(definitions.checks)),
    alertmanager: document([...ALERTMANAGER_HEADER, ...toSentences(traps), ...secrets], alertmanager),
    unconverted: [
      ...definitions.problems,
      ...converted.flatMap(({ unconverted }) => unconverted),
      ...traps,
      ...listUnconverted(definitions, new Set(routed.map(([name]) => name))),
    ],
  };
}

const RULES_HEADER = [
  'Prometheus rules, converted from a Sensu configuration.',
  'Load them in place of rules/checks.yml and beside rules/check-health.yml.',
  'A severity that lasts while another takes over (keep_firing_for) wants Prometheus 2.42 or later.',
];

const ALERTMANAGER_HEADER = [
  'Alertmanager routes and receivers, converted from a Sensu configuration.',
  `Wants Alertmanager 0.25 or later, and ${TEMPLATES_FILE} beside this file; with --output.dir, it is written too.`,
];

// Explained in config/alertmanager.yml.
const INHIBIT_RULES = [
  {
    source_matchers: ['alertname="CheckFailed"', 'severity="critical"'],
    target_matchers: ['alertname="CheckFailed"', 'severity=~"warning|unknown"'],
    equal: ['client', 'check'],
  },
  {
    source_matchers: ['alertname="CheckFailed"', 'severity="unknown"'],
    target_matchers: ['alertname="CheckFailed"', 'severity="warning"'],
    equal: ['client', 'check'],
  },
  {
    source_matchers: ['alertname="AlertmanagerProxyDown"'],
    target_matchers: ['alertname="AlertmanagerProxyHearsNothing"'],
    equal: ['job'],
  },
  {
    source_matchers: ['alertname="AlertmanagerProxyDeliversNothing"'],
    target_matchers: [
      'alertname=~"AlertmanagerProxy(AlertmanagerDown|AlertmanagerFails|QueueGrows|DropsAlerts)"',
    ],
    equal: ['job', 'instance'],
  },
  {
    source_matchers: ['alertname="CheckAgentDown"'],
    target_matchers: ['alertname=~"CheckSilent|CheckNeverRan.*"'],
    equal: ['job', 'instance'],
  },
];

const SECRETS_HEADER = [
  'Secrets are not copied. Put each into the file that is named here. Keep the paths absolute:',
  'Alertmanager takes any other from its working directory, not from the folder of this file.',
];

function secretLines(secrets: readonly SecretFile[]): string[] {
  const lines = secrets.map(({ file, setting }) => `  ${file}: Sensu's setting ${setting}`);
  return lines.length === 0 ? [] : [...SECRETS_HEADER, ...new Set(lines)];
}

function document(header: readonly string[], content: object): string {
  return `${header.map((line) => `# ${line}\n`).join('')}${stringify(content, { aliasDuplicateObjects: false, lineWidth: 120 })}`;
}
