import { describe, expect, it } from '@jest/globals';
import { at, only, render, template, type Manifest } from '../../support/chart.ts';

describe('the NetworkPolicy', () => {
  const prometheus = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } }];
  const source = (name: string, allow: object): object => ({
    name,
    matchers: ['check=~".+"'],
    url: 'http://{instance}/checks/{check}',
    annotations: { check_output: 'check.output' },
    allow,
  });
  const policy = (networkPolicy: object = {}, more: object = {}): ReturnType<typeof only> =>
    only(
      'NetworkPolicy',
      render({ networkPolicy: { enabled: true, prometheus, ...networkPolicy }, ...more }),
    );

  it('says what is missing when nobody could send alerts', () => {
    const { status, stderr } = template({ networkPolicy: { enabled: true } });

    expect(status).toBe(1);
    expect(stderr).toContain('networkPolicy.prometheus is empty: name the peers that may send alerts');
  });

  it('lets nobody but Prometheus in', () => {
    const networkPolicy = policy({}, { admin: { enabled: true } });

    expect(networkPolicy).toHaveProperty('spec.policyTypes', ['Ingress', 'Egress']);
    expect(networkPolicy).toHaveProperty('spec.ingress', [
      { from: prometheus, ports: [{ port: 'http' }, { port: 'admin' }] },
    ]);
  });

  it('lets the proxy out to DNS, the Alertmanagers and what its sources allow', () => {
    const peers = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'alertmanager' } } }];
    const sources = [
      source('nodes', { ports: [9470, 9471], cidrs: ['10.0.0.0/8', '2001:db8::/32'] }),
      source('named', { ports: [443], hosts: ['checks.example.com'] }),
    ];
    const networkPolicy = policy({ alertmanagers: { peers } }, { config: { sources } });

    expect(networkPolicy).toHaveProperty('spec.egress', [
      {
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
      { to: peers, ports: [{ port: 9093 }] },
      {
        to: [{ ipBlock: { cidr: '10.0.0.0/8' } }, { ipBlock: { cidr: '2001:db8::/32' } }],
        ports: [{ port: 9470 }, { port: 9471 }],
      },
      // A policy knows no names: of a source that is limited by them only the port holds here.
      { ports: [{ port: 443 }] },
    ]);
  });

  const portsTo = (alertmanagers: object[], networkPolicy: object = {}): unknown =>
    at(policy(networkPolicy, { config: { alertmanagers } }), 'spec.egress.1.ports');
  const ports = (...numbers: number[]): object[] => numbers.map((port) => ({ port }));

  it.each<[string, object[], object[]]>([
    [
      'the ports of targets',
      [{ static_configs: [{ targets: ['am:8443', 'am-1:9093', '[fd00::1]:9094'] }] }],
      ports(8443, 9093, 9094),
    ],
    [
      'the port of the scheme',
      [{ scheme: 'https', static_configs: [{ targets: ['am.example.com', '[fd00::1]'] }] }],
      ports(443),
    ],
    ['the port of http', [{ static_configs: [{ targets: ['am'] }] }], ports(80)],
    [
      'the port of the scheme that a label names',
      [{ static_configs: [{ targets: ['am'], labels: { __scheme__: 'https' } }] }],
      ports(443),
    ],
    ['the port of A records', [{ dns_sd_configs: [{ names: ['am'], type: 'A', port: 9999 }] }], ports(9999)],
    [
      'the port that values name for SRV records',
      [{ dns_sd_configs: [{ names: ['_web._tcp.am'] }] }],
      ports(9093),
    ],
    [
      'those of several entries, each once',
      [
        { static_configs: [{ targets: ['am:8443'] }] },
        { dns_sd_configs: [{ names: ['am'] }] },
        { static_configs: [{ targets: ['b:8443'] }] },
      ],
      ports(8443, 9093),
    ],
  ])('opens %s of the Alertmanagers', (_, alertmanagers, expected) => {
    expect(portsTo(alertmanagers)).toEqual(expected);
  });

  it.each<[string, object, object[]]>([
    ['the agent', { preset: 'agent', allow: { cidrs: ['10.0.0.0/8'] } }, ports(9470)],
    ['a central host', { preset: 'icinga2', url: 'https://icinga:5665' }, ports(5665)],
    ['a central host without a port', { preset: 'checkmk', url: 'https://checkmk/site' }, ports(443)],
    [
      'what it allows itself',
      { preset: 'agent', allow: { ports: [1, 2], cidrs: ['10.0.0.0/8'] } },
      ports(1, 2),
    ],
  ])('opens the ports of a preset: %s', (_, one, expected) => {
    expect(at(policy({}, { config: { sources: [one] } }), 'spec.egress.2.ports')).toEqual(expected);
  });

  it('takes more rules as they stand', () => {
    const extraIngress = [{ from: [{ podSelector: {} }] }];
    const extraEgress = [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }];
    const networkPolicy = policy({ extraIngress, extraEgress });

    expect(at(networkPolicy, 'spec.ingress')).toContainEqual(extraIngress[0]);
    expect(at(networkPolicy, 'spec.egress')).toContainEqual(extraEgress[0]);
  });
});

describe("the agents' NetworkPolicy", () => {
  const prometheus = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } }];
  const networkPolicy = { enabled: true, prometheus };
  const named = (manifests: ReturnType<typeof render>, name: string): Manifest | undefined =>
    manifests.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name);

  it('lets nobody but the proxy and Prometheus ask them', () => {
    const manifests = render({ networkPolicy, agent: { enabled: true } });
    const ofAgent = named(manifests, 'test-alertmanager-proxy-agent');

    expect(at(ofAgent, 'spec.podSelector')).toEqual(at(only('DaemonSet', manifests), 'spec.selector'));
    expect(at(ofAgent, 'spec.policyTypes')).toEqual(['Ingress']);
    expect(at(ofAgent, 'spec.ingress')).toEqual([
      {
        from: [{ podSelector: at(only('Deployment', manifests), 'spec.selector') }, ...prometheus],
        ports: [{ port: 'http' }],
      },
    ]);
  });

  it('takes more rules as they stand', () => {
    const agentExtraIngress = [{ from: [{ podSelector: {} }] }];
    const manifests = render({
      networkPolicy: { ...networkPolicy, agentExtraIngress },
      agent: { enabled: true },
    });

    expect(at(named(manifests, 'test-alertmanager-proxy-agent'), 'spec.ingress')).toContainEqual(
      agentExtraIngress[0],
    );
  });
});

describe('the ways in from outside', () => {
  it('lead an Ingress to the port for alerts', () => {
    const { spec } = only(
      'Ingress',
      render({
        ingress: {
          enabled: true,
          className: 'nginx',
          hosts: [{ host: 'alerts.example.com', paths: [{ path: '/', pathType: 'Prefix' }] }],
          tls: [{ secretName: 'alerts-tls', hosts: ['alerts.example.com'] }],
        },
      }),
    );

    expect(spec).toEqual({
      ingressClassName: 'nginx',
      tls: [{ secretName: 'alerts-tls', hosts: ['alerts.example.com'] }],
      rules: [
        {
          host: 'alerts.example.com',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'test-alertmanager-proxy', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    });
  });

  it('lead an HTTPRoute to the port of the service', () => {
    const main = { enabled: true, parentRefs: [{ name: 'gateway' }], hostnames: ['alerts.example.com'] };

    expect(only('HTTPRoute', render({ route: { main }, service: { port: 80 } }))['spec']).toEqual({
      parentRefs: [{ name: 'gateway' }],
      hostnames: ['alerts.example.com'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ name: 'test-alertmanager-proxy', port: 80 }],
        },
      ],
    });
  });
});
