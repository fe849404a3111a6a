import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { version } from '../../../src/platform/file/package-files.ts';
import { at, only, render, type Manifest } from '../../support/chart.ts';

const SELECTOR = {
  'app.kubernetes.io/name': 'alertmanager-proxy',
  'app.kubernetes.io/instance': 'test',
  'app.kubernetes.io/component': 'proxy',
};

const deployment = (values: object = {}): Manifest => only('Deployment', render(values));
const POD = 'spec.template.spec';
const pod = (values: object = {}): unknown => at(deployment(values), POD);
const container = (values: object = {}): unknown => at(pod(values), 'containers.0');

describe('the Deployment', () => {
  it('replaces one of two pods at a time, and only once the new one is ready', () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

    expect(deployment()).toHaveProperty('spec.replicas', 2);
    expect(deployment()).toHaveProperty('spec.strategy', strategy);
    expect(deployment()).toHaveProperty('spec.selector.matchLabels', SELECTOR);
  });

  it('leaves the number of replicas to the autoscaler', () => {
    expect(deployment({ autoscaling: { enabled: true } })).not.toHaveProperty('spec.replicas');
  });

  it('runs as nobody, with nothing to write to and nothing to escalate with', () => {
    expect(pod()).toHaveProperty('securityContext', {
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      fsGroup: 65534,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container()).toHaveProperty('securityContext', {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod()).toHaveProperty('automountServiceAccountToken', false);
  });

  it.each([
    ['on the port for alerts', {}, { port: 'http', scheme: 'HTTP' }],
    ['on the admin port', { admin: { enabled: true } }, { port: 'admin', scheme: 'HTTP' }],
    [
      'over the scheme of the web configuration',
      { webConfig: { secretName: 'web', scheme: 'https' } },
      { port: 'http', scheme: 'HTTPS' },
    ],
  ])('is asked for its health %s', (_where, values, where) => {
    expect(container(values)).toHaveProperty('livenessProbe.httpGet', { path: '/-/healthy', ...where });
    expect(container(values)).toHaveProperty('readinessProbe.httpGet', { path: '/-/ready', ...where });
  });

  it('leaves a probe alone that says where it goes', () => {
    const httpGet = { path: '/-/ready', port: 9999, scheme: 'HTTP' };
    const values = { readinessProbe: { httpGet }, webConfig: { secretName: 'web', scheme: 'https' } };

    expect(container(values)).toHaveProperty('readinessProbe.httpGet', httpGet);
  });

  it('has time to pause and then to finish the longest batch before it is killed', () => {
    const [command, pause] = at(container(), 'lifecycle.preStop.exec.command') as [string, string];
    // The defaults: enrichment.deadline and an Alertmanager's timeout.
    const longestBatch = 2 + 5;

    expect(command).toBe('sleep');
    expect(at(pod(), 'terminationGracePeriodSeconds')).toBeGreaterThan(Number(pause) + longestBatch);
  });

  it('prefers nodes and zones that have no replica yet', () => {
    expect(pod()).toHaveProperty('affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution', [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: SELECTOR } },
      },
    ]);
    expect(pod()).toHaveProperty('topologySpreadConstraints', [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: SELECTOR },
      },
    ]);
  });

  it.each([
    ['hard', { podAntiAffinity: 'hard' }, 'podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution'],
    ['replaced', { affinity: { nodeAffinity: {} } }, 'nodeAffinity'],
  ])('can have its affinity %s', (_what, values, path) => {
    const affinity = at(pod(values), 'affinity') as object;

    expect(affinity).toHaveProperty(path);
    expect(Object.keys(affinity)).toHaveLength(1);
  });

  it('can do without affinity', () => {
    expect(pod({ podAntiAffinity: '' })).not.toHaveProperty('affinity');
  });

  it.each([
    ['nothing more than its defaults', {}, []],
    ['an admin address', { admin: { enabled: true } }, ['--web.admin-listen-address=:9096']],
    [
      'a web configuration',
      { webConfig: { secretName: 'w' } },
      ['--web.config.file=/etc/alertmanager-proxy/web/web-config.yml'],
    ],
    ['auto-reload', { autoReload: true }, ['--config.auto-reload']],
    ['more flags', { extraArgs: ['--web.enable-lifecycle'] }, ['--web.enable-lifecycle']],
  ])('is started with %s', (_what, values, flags) => {
    expect(container(values)).toHaveProperty('args', [
      'serve',
      '--config.file=/etc/alertmanager-proxy/config/alertmanager-proxy.yml',
      '--web.listen-address=:9095',
      '--log.level=info',
      '--log.format=logfmt',
      ...flags,
    ]);
  });

  it.each([
    ['the image of this version', {}, `alertmanager-proxy:${version}`],
    ['the image that values name', { image: { repository: 'r/p', tag: 'v9' } }, 'r/p:v9'],
  ])('runs %s', (_what, values, image) => {
    expect(container(values)).toHaveProperty('image', image);
  });
});

describe('the configuration', () => {
  const password_file = '/etc/alertmanager-proxy/secrets/alertmanager-password/password';
  const config = {
    alertmanagers: [
      {
        basic_auth: { username: 'proxy', password_file },
        static_configs: [{ targets: ['alertmanager:9093'] }],
      },
    ],
    sources: [],
  };
  const checksum = (values: object): unknown =>
    (at(deployment(values), 'spec.template.metadata.annotations') as Record<string, string>)[
      'checksum/config'
    ];

  it('is the file that the proxy reads, as it was written in values', () => {
    const configMap = only('ConfigMap', render({ config }));
    const files = at(configMap, 'data') as Record<string, string>;

    expect(parse(files['alertmanager-proxy.yml'] ?? '')).toEqual(config);
    expect(pod()).toHaveProperty('volumes', [
      { name: 'config', configMap: { name: configMap.metadata.name } },
    ]);
    expect(container()).toHaveProperty('volumeMounts', [
      { name: 'config', mountPath: '/etc/alertmanager-proxy/config', readOnly: true },
    ]);
  });

  it('brings new pods when it changes, and only then', () => {
    expect(checksum({ config })).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum({ config, replicaCount: 3 })).toBe(checksum({ config }));
    expect(checksum({})).not.toBe(checksum({ config }));
  });

  it('brings no new pods where the proxy follows it by itself', () => {
    expect(checksum({ autoReload: true })).toBeUndefined();
  });

  it('finds each secret in the file that it points at', () => {
    const values = { config, secrets: ['alertmanager-password'] };
    const { name, mountPath } = at(container(values), 'volumeMounts.1') as {
      name: string;
      mountPath: string;
    };

    expect(password_file.startsWith(`${mountPath}/`)).toBe(true);
    // Read by the group that fsGroup gives to the pod, and by nobody else.
    const secret = { secretName: 'alertmanager-password', defaultMode: 0o440 };
    expect(at(pod(values), 'volumes')).toContainEqual({ name, secret });
  });

  it('finds the web configuration in its secret', () => {
    const values = { webConfig: { secretName: 'web', key: 'config.yml' } };
    const secret = { secretName: 'web', defaultMode: 0o440 };

    expect(at(container(values), 'args')).toContain(
      '--web.config.file=/etc/alertmanager-proxy/web/config.yml',
    );
    expect(container(values)).toHaveProperty('volumeMounts.1.mountPath', '/etc/alertmanager-proxy/web');
    expect(pod(values)).toHaveProperty('volumes.1', { name: 'web-config', secret });
  });
});

describe('the Service', () => {
  it('leads to the pods of the proxy and keeps a Prometheus with one of them', () => {
    expect(only('Service', render())).toHaveProperty('spec', {
      type: 'ClusterIP',
      sessionAffinity: 'ClientIP',
      selector: SELECTOR,
      ports: [{ name: 'http', port: 9095, targetPort: 'http' }],
    });
  });

  it('takes any port, for the pods do not listen on it', () => {
    const manifests = render({ service: { port: 80 }, admin: { enabled: true, port: 8080 } });

    expect(only('Service', manifests)).toHaveProperty('spec.ports', [
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'admin', port: 8080, targetPort: 'admin' },
    ]);
    expect(only('Deployment', manifests)).toHaveProperty(`${POD}.containers.0.ports`, [
      { name: 'http', containerPort: 9095 },
      { name: 'admin', containerPort: 9096 },
    ]);
  });
});

describe('the service account', () => {
  it('has no token', () => {
    expect(only('ServiceAccount', render())).toHaveProperty('automountServiceAccountToken', false);
  });

  it.each([
    ['its own', {}, 'test-alertmanager-proxy'],
    ['the one named', { serviceAccount: { create: false, name: 'monitoring' } }, 'monitoring'],
    ['the default one', { serviceAccount: { create: false } }, 'default'],
  ])('can be %s', (_what, values, name) => {
    expect(pod(values)).toHaveProperty('serviceAccountName', name);
  });
});

describe('scaling and eviction', () => {
  it('scales by the metrics that have a target', () => {
    const autoscaler = only(
      'HorizontalPodAutoscaler',
      render({ autoscaling: { enabled: true, targetMemoryUtilizationPercentage: 70 } }),
    );
    const metric = (name: string, averageUtilization: number): object => ({
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization } },
    });

    expect(autoscaler).toHaveProperty('spec.scaleTargetRef', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'test-alertmanager-proxy',
    });
    expect(autoscaler).toHaveProperty('spec.metrics', [metric('cpu', 80), metric('memory', 70)]);
  });

  it('takes the disruption budget as it stands', () => {
    expect(only('PodDisruptionBudget', render({ podDisruptionBudget: { minAvailable: 1 } }))['spec']).toEqual(
      {
        minAvailable: 1,
        selector: { matchLabels: SELECTOR },
      },
    );
  });
});
