import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { firing, type PostedAlert } from './alert-builder.ts';

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An alert as Prometheus and the proxy make it of a rule, with labels that no other rule has. */
export interface RuleAlert {
  readonly name: string;
  /** What the reader has to find in the texts: of what the alert is. */
  readonly where: string;
  readonly alert: PostedAlert;
}

/** One alert of every alerting rule that the package ships. */
export function alertsOfAllRules(): RuleAlert[] {
  return readdirSync('config/rules')
    .filter((file) => file.endsWith('.yml') && !file.endsWith('.test.yml'))
    .sort()
    .flatMap((file) => {
      const { groups } = parse(readFileSync(`config/rules/${file}`, 'utf8')) as {
        groups: { rules: Rule[] }[];
      };
      return groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);
    })
    .map(alertOf);
}

function alertOf(rule: Rule, index: number): RuleAlert {
  const { alert: name = '', annotations = {} } = rule;
  const labels = labelsOf(rule, index);
  const expand = (text: string): string =>
    text
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')
      .replaceAll(/\{\{ \$value[^}]*\}\}/g, '7')
      // What is left depends on labels that this alert has not.
      .replaceAll(/\{\{.*\}\}/g, 'WARNING');
  const written = Object.fromEntries(Object.entries(annotations).map(([key, text]) => [key, expand(text)]));
  return {
    name: `${name} of rule ${index}`,
    where: whereOf(rule, labels),
    alert: firing(
      { alertname: name, ...labels },
      { annotations: { ...(name === 'CheckFailed' ? fromTheProxy(labels['severity']) : {}), ...written } },
    ),
  };
}

// What `by` leaves of the labels is what the summary names.
function whereOf(
  { alert = '', annotations = {} }: Rule,
  { client, job, instance }: Record<string, string>,
): string {
  if (client !== undefined) return client;
  return (annotations['summary']?.includes('$labels.job') === true ? job : instance) ?? alert;
}

function labelsOf(
  { alert = '', expr, labels = {}, annotations }: Rule,
  index: number,
): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(labels).filter(([, value]) => value !== '' && !value.includes('{{')),
  );
  if (expr.includes('absent(') || expr.startsWith('vector(')) return own;
  const target = { job: `job-${index}`, instance: `web-${index}.example.com:9470` };
  if (!alert.startsWith('AlertmanagerProxy')) {
    const isOfCheck = JSON.stringify(annotations).includes('$labels.check ');
    return {
      ...target,
      client: `web-${index}`,
      ...(isOfCheck && { check: 'check_disk' }),
      severity: 'warning',
      ...own,
    };
  }
  return { ...target, alertmanager: `http://am-${index}:9093`, source: 'nodes', reason: 'password', ...own };
}

function fromTheProxy(severity = 'critical'): Record<string, string> {
  return {
    check_output: 'DISK CRITICAL: /var 97 % used, 3 GB left\n',
    check_status_text: severity.toUpperCase(),
    check_issued: '2026-11-30 22:13:20 +0000',
    check_command: 'check_disk -w 20% -c 10%',
    check_occurrences: '3',
    client_address: '10.0.2.100',
    client_subscriptions: 'production',
  };
}
