import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describeWith } from '../../support/binaries.ts';
import { at, CHART, only, render } from '../../support/chart.ts';

const file = (name: string): string => readFileSync(`${CHART}/files/${name}`, 'utf8');

describe('the files of the chart', () => {
  // Helm packs only what is below the chart.
  it.each([
    ['rules.yml', 'rules/alertmanager-proxy.yml'],
    ['dashboard.json', 'dashboards/alertmanager-proxy.json'],
  ])('%s is a copy of config/%s', (copy, original) => {
    expect(file(copy)).toBe(readFileSync(`${CHART}/../../config/${original}`, 'utf8'));
  });
});

describeWith(['promtool'], 'the rules of the chart', ({ promtool }) => {
  it('are ones that Prometheus takes', () => {
    const { status, stdout } = spawnSync(promtool, ['check', 'rules', `${CHART}/files/rules.yml`], {
      encoding: 'utf8',
    });

    expect(stdout).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});

describe('the ServiceMonitor', () => {
  it('scrapes the port for alerts, with no key that values do not set', () => {
    const monitor = only('ServiceMonitor', render({ serviceMonitor: { enabled: true } }));

    expect(monitor).toHaveProperty('spec.namespaceSelector', { matchNames: ['default'] });
    expect(monitor).toHaveProperty('spec.endpoints', [
      { port: 'http', path: '/metrics', scheme: 'http', honorLabels: false },
    ]);
  });

  it('scrapes the admin port over the scheme of the web configuration', () => {
    const monitor = only(
      'ServiceMonitor',
      render({
        serviceMonitor: { enabled: true },
        admin: { enabled: true },
        webConfig: { secretName: 'web', scheme: 'https' },
      }),
    );

    expect(at(monitor, 'spec.endpoints.0')).toMatchObject({ port: 'admin', scheme: 'https' });
  });

  it('selects the service of the proxy', () => {
    const manifests = render({ serviceMonitor: { enabled: true } });
    const selector = at(only('ServiceMonitor', manifests), 'spec.selector.matchLabels') as object;

    expect(only('Service', manifests).metadata.labels).toMatchObject(selector);
  });

  it('takes what a scrape needs, and labels that a Prometheus looks for', () => {
    const endpoint = {
      interval: '30s',
      scrapeTimeout: '10s',
      path: '/p/metrics',
      scheme: 'https',
      honorLabels: true,
      tlsConfig: { insecureSkipVerify: true },
      basicAuth: { username: { name: 'scrape', key: 'username' } },
      relabelings: [{ action: 'labeldrop', regex: 'pod' }],
      metricRelabelings: [{ action: 'drop', regex: 'x' }],
    };
    const place = { namespace: 'monitoring', additionalLabels: { release: 'prometheus' } };
    const monitor = only(
      'ServiceMonitor',
      render({ serviceMonitor: { enabled: true, ...place, ...endpoint } }),
    );

    expect(monitor.metadata).toMatchObject({ namespace: 'monitoring', labels: { release: 'prometheus' } });
    expect(monitor).toHaveProperty('spec.endpoints', [{ port: 'http', ...endpoint }]);
  });
});

describe('the PrometheusRule', () => {
  it('holds the rules of the file, their templates untouched', () => {
    const rule = only(
      'PrometheusRule',
      render({ prometheusRule: { enabled: true, additionalLabels: { a: 'b' } } }),
    );

    expect(rule['spec']).toEqual(parse(file('rules.yml')));
    expect(JSON.stringify(rule['spec'])).toContain('{{ $labels.instance }}');
    expect(rule.metadata.labels).toMatchObject({ a: 'b' });
  });
});

describe('the dashboard', () => {
  it('is a file that the sidecar of Grafana finds by its label', () => {
    const manifests = render({ dashboard: { enabled: true } });
    const dashboard = manifests.find(({ metadata }) => metadata.name.endsWith('-dashboard'));

    expect(dashboard?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(dashboard?.['data']).toEqual({ 'alertmanager-proxy.json': file('dashboard.json') });
  });
});

describe('the agent', () => {
  const POD = 'spec.template.spec';
  const agent = (values: object = {}): ReturnType<typeof only> =>
    only('DaemonSet', render({ agent: { enabled: true, ...values } }));

  it('reads the logs of the node, and cannot write them', () => {
    const daemonSet = agent({ hostLogPath: '/data/log', logFiles: ['a.log', 'b.log'] });

    expect(daemonSet).toHaveProperty(`${POD}.volumes`, [
      { name: 'log', hostPath: { path: '/data/log', type: 'Directory' } },
      { name: 'state', emptyDir: {} },
    ]);
    expect(daemonSet).toHaveProperty(`${POD}.containers.0.volumeMounts`, [
      { name: 'log', mountPath: '/var/log/checks', readOnly: true },
      { name: 'state', mountPath: '/var/lib/alertmanager-proxy' },
    ]);
    expect(daemonSet).toHaveProperty(`${POD}.containers.0.args`, [
      'agent',
      '--log.file=/var/log/checks/a.log',
      '--log.file=/var/log/checks/b.log',
      '--web.listen-address=:9470',
    ]);
  });

  it('reads the Sensu configuration of the node where it may', () => {
    const daemonSet = agent({ hostConfigPath: '/data/sensu' });

    expect(at(daemonSet, `${POD}.containers.0.args`)).toContain('--config.dir=/etc/sensu/conf.d');
    expect(daemonSet).toHaveProperty(`${POD}.volumes.2.hostPath.path`, '/data/sensu');
    expect(daemonSet).toHaveProperty(`${POD}.containers.0.volumeMounts.2`, {
      name: 'config',
      mountPath: '/etc/sensu',
      readOnly: true,
    });
  });

  it.each(['securityContext', 'automountServiceAccountToken', 'containers.0.securityContext'])(
    'is as hardened as the proxy: %s',
    (path) => {
      const proxy = at(only('Deployment', render()), `${POD}.${path}`);

      expect(proxy).toBeDefined();
      expect(at(agent(), `${POD}.${path}`)).toEqual(proxy);
    },
  );

  it('runs as another user where the log needs one', () => {
    const podSecurityContext = { runAsUser: 998, runAsGroup: 998 };

    expect(agent({ podSecurityContext })).toHaveProperty(`${POD}.securityContext`, podSecurityContext);
  });

  it('answers on the port that is asked for, on the address of the node if need be', () => {
    const daemonSet = agent({ port: 9999, hostNetwork: true });

    expect(daemonSet).toHaveProperty(`${POD}.hostNetwork`, true);
    expect(daemonSet).toHaveProperty(`${POD}.containers.0.ports`, [{ name: 'http', containerPort: 9999 }]);
    expect(at(daemonSet, `${POD}.containers.0.args`)).toContain('--web.listen-address=:9999');
  });

  it('is scraped by a PodMonitor that selects its pods', () => {
    const manifests = render({ agent: { enabled: true, podMonitor: { enabled: true, interval: '30s' } } });
    const monitor = only('PodMonitor', manifests);

    expect(monitor).toHaveProperty('spec.podMetricsEndpoints', [{ port: 'http', interval: '30s' }]);
    expect(at(only('DaemonSet', manifests), 'spec.template.metadata.labels')).toMatchObject(
      at(monitor, 'spec.selector.matchLabels') as object,
    );
  });

  it('takes TLS and passwords from a secret, and is probed and scraped then too', () => {
    const basicAuth = { username: { name: 'web', key: 'username' } };
    const podMonitor = { enabled: true, tlsConfig: { insecureSkipVerify: true }, basicAuth };
    const webConfig = { secretName: 'web', key: 'config.yml', scheme: 'https' };
    const manifests = render({ agent: { enabled: true, webConfig, podMonitor } });
    const daemonSet = only('DaemonSet', manifests);

    expect(at(daemonSet, `${POD}.containers.0.args`)).toContain(
      '--web.config.file=/etc/alertmanager-proxy/web/config.yml',
    );
    expect(daemonSet).toHaveProperty(`${POD}.containers.0.volumeMounts.2`, {
      name: 'web-config',
      mountPath: '/etc/alertmanager-proxy/web',
      readOnly: true,
    });
    expect(daemonSet).toHaveProperty(`${POD}.volumes.2`, {
      name: 'web-config',
      secret: { secretName: 'web', defaultMode: 0o444 },
    });
    for (const probe of ['livenessProbe', 'readinessProbe'])
      expect(daemonSet).toHaveProperty(`${POD}.containers.0.${probe}`, { tcpSocket: { port: 'http' } });
    expect(only('PodMonitor', manifests)).toHaveProperty('spec.podMetricsEndpoints', [
      { port: 'http', scheme: 'https', tlsConfig: { insecureSkipVerify: true }, basicAuth },
    ]);
  });
});
