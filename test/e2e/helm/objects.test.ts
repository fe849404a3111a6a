import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { at, only, parseManifests, render, SCENARIOS, template } from '../../support/chart.ts';

const kinds = (values: object): string[] =>
  render(values).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe('what is rendered', () => {
  it('is the proxy alone unless more is asked for', () => {
    expect(kinds({}).sort()).toEqual([
      'ConfigMap test-alertmanager-proxy',
      'Deployment test-alertmanager-proxy',
      'Pod test-alertmanager-proxy-test-connection',
      'Service test-alertmanager-proxy',
      'ServiceAccount test-alertmanager-proxy',
    ]);
  });

  it.each([
    ['HorizontalPodAutoscaler test-alertmanager-proxy', { autoscaling: { enabled: true } }],
    ['PodDisruptionBudget test-alertmanager-proxy', { podDisruptionBudget: { minAvailable: 1 } }],
    ['NetworkPolicy test-alertmanager-proxy', { networkPolicy: { enabled: true, prometheus: [{}] } }],
    ['ServiceMonitor test-alertmanager-proxy', { serviceMonitor: { enabled: true } }],
    ['PrometheusRule test-alertmanager-proxy', { prometheusRule: { enabled: true } }],
    ['ConfigMap test-alertmanager-proxy-dashboard', { dashboard: { enabled: true } }],
    ['Ingress test-alertmanager-proxy', { ingress: { enabled: true } }],
    ['HTTPRoute test-alertmanager-proxy', { route: { main: { enabled: true } } }],
    ['DaemonSet test-alertmanager-proxy-agent', { agent: { enabled: true } }],
  ])('gains exactly one %s when asked for', (object, values) => {
    expect(kinds(values).filter((kind) => !kinds({}).includes(kind))).toEqual([object]);
  });

  it.each([
    ['the service account', 'ServiceAccount', { serviceAccount: { create: false } }],
    ['the connection test', 'Pod', { testFramework: { enabled: false } }],
  ])('loses %s when it is not wanted', (_what, kind, values) => {
    expect(kinds(values).filter((name) => name.startsWith(`${kind} `))).toEqual([]);
  });

  it('has a monitor for the agents only where there are agents', () => {
    const podMonitor = { enabled: true };

    expect(kinds({ agent: { podMonitor } })).toEqual(kinds({}));
    expect(kinds({ agent: { enabled: true, podMonitor } })).toContain(
      'PodMonitor test-alertmanager-proxy-agent',
    );
  });

  it('renders the templates in extra manifests, maps and text alike', () => {
    const manifests = render({
      extraManifests: [
        { kind: 'Extra', metadata: { name: '{{ .Release.Name }}-map' } },
        'kind: Extra\nmetadata:\n  name: {{ .Release.Name }}-text\n',
      ],
    });

    expect(manifests.filter(({ kind }) => kind === 'Extra').map(({ metadata }) => metadata.name)).toEqual([
      'test-map',
      'test-text',
    ]);
  });
});

describe('names and labels', () => {
  const everything = parse(
    readFileSync(SCENARIOS.find(([name]) => name.startsWith('full'))?.[1] ?? '', 'utf8'),
  ) as object;
  const own = (values: object, release?: string): ReturnType<typeof render> =>
    render({ ...everything, extraManifests: [], ...values }, release);

  it('fit into 63 characters, whatever the release is called', () => {
    const manifests = own({}, 'r'.repeat(53));

    for (const { metadata } of manifests) {
      expect(metadata.name.length).toBeLessThanOrEqual(63);
      for (const label of Object.values(metadata.labels)) expect(label.length).toBeLessThanOrEqual(63);
    }
    expect(new Set(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(
      manifests.length,
    );
  });

  it.each([
    ['the release and the chart', {}, 'test', 'test-alertmanager-proxy'],
    [
      'the release alone when it holds the name of the chart',
      {},
      'my-alertmanager-proxy',
      'my-alertmanager-proxy',
    ],
    ['the release and nameOverride', { nameOverride: 'proxy' }, 'test', 'test-proxy'],
    ['fullnameOverride', { fullnameOverride: 'am-proxy' }, 'test', 'am-proxy'],
  ])('are made of %s', (_what, values, release, name) => {
    expect(only('Deployment', own(values, release)).metadata.name).toBe(name);
    expect(only('DaemonSet', own(values, release)).metadata.name).toBe(`${name}-agent`);
  });

  it('follow namespaceOverride into every object', () => {
    const namespaces = own({ namespaceOverride: 'elsewhere' }).map(({ metadata }) => metadata.namespace);

    expect(new Set(namespaces)).toEqual(new Set(['elsewhere']));
  });

  it('say in every object which chart it came from, and never select by it', () => {
    for (const { metadata, spec } of own({})) {
      expect(metadata.labels).toMatchObject({
        'helm.sh/chart': expect.stringMatching(/^alertmanager-proxy-\d/),
        'app.kubernetes.io/name': 'alertmanager-proxy',
        'app.kubernetes.io/instance': 'test',
        'example.com/team': 'monitoring',
      });
      expect(JSON.stringify(selectorsIn(spec))).not.toContain('helm.sh/chart');
    }
  });

  it('keep the agents out of what selects the proxy', () => {
    const manifests = own({});
    const agent = at(only('DaemonSet', manifests), 'spec.template.metadata.labels') as Record<string, string>;
    const selector = at(only('Service', manifests), 'spec.selector') as Record<string, string>;

    expect(Object.entries(selector).every(([key, value]) => agent[key] === value)).toBe(false);
  });
});

describe('values that could go wrong on their way', () => {
  it('keep a number of a million readable for the proxy', () => {
    const config = {
      alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }],
      enrichment: { cache: { max_entries: 1_000_000 } },
    };
    const file = Object.values(at(only('ConfigMap', render({ config })), 'data') as object)[0] as string;

    expect(parse(file)).toEqual({ ...config, sources: [] });
  });

  it('end in an error, not in a half-rendered chart, when a template in an extra manifest is broken', () => {
    const { status, stdout } = template({ extraManifests: ['{{ include "nothing" . }}'] });

    expect(status).toBe(1);
    expect(parseManifests(stdout)).toEqual([]);
  });
});

/** All selectors of an object, at any depth. */
function selectorsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    /selector$/i.test(key) ? [inner] : selectorsIn(inner),
  );
}
