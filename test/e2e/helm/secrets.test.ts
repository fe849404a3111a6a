import { describe, expect, it } from '@jest/globals';
import { at, only, render } from '../../support/chart.ts';

const TARGET = { static_configs: [{ targets: ['am:9093'] }] };
const SOURCE = { preset: 'agent', allow: { cidrs: ['10.0.0.0/8'] } };

describe('a configuration that holds a secret itself', () => {
  it.each<[string, object]>([
    ['a password', { alertmanagers: [{ ...TARGET, basic_auth: { username: 'u', password: 'hunter2' } }] }],
    ['credentials', { sources: [{ ...SOURCE, authorization: { credentials: 'hunter2' } }] }],
    ['a key', { sources: [{ ...SOURCE, tls_config: { cert: 'PEM', key: 'hunter2' } }] }],
    ['a secret header', { alertmanagers: [{ ...TARGET, http_headers: { A: { secrets: ['hunter2'] } } }] }],
    ['headers of traces', { tracing: { endpoint: 'otel:4318', headers: { 'X-Key': 'hunter2' } } }],
  ])('is kept in a Secret: %s', (_, config) => {
    const manifests = render({ config });

    expect(manifests.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
    const { metadata } = only('Secret', manifests);
    expect(at(only('Deployment', manifests), 'spec.template.spec.volumes.0')).toEqual({
      name: 'config',
      secret: { secretName: metadata.name, defaultMode: 0o440 },
    });
    const others = manifests.filter(({ kind }) => kind !== 'Secret');
    expect(JSON.stringify(others)).not.toContain('hunter2');
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['files', { alertmanagers: [{ ...TARGET, basic_auth: { username: 'u', password_file: '/p' } }] }],
    ['files of headers', { sources: [{ ...SOURCE, http_headers: { A: { files: ['/p'] } } }] }],
  ])('is none with %s', (_, config) => {
    const manifests = render({ config });

    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    only('ConfigMap', manifests);
  });
});

describe('probes', () => {
  it('ask only whether the port is open where clients need a certificate', () => {
    const webConfig = { secretName: 'web', scheme: 'https', clientCertificates: true };
    const deployment = only('Deployment', render({ webConfig }));

    for (const probe of ['livenessProbe', 'readinessProbe']) {
      const found = at(deployment, `spec.template.spec.containers.0.${probe}`);
      expect(found).toMatchObject({ tcpSocket: { port: 'http' } });
      expect(found).not.toHaveProperty('httpGet');
    }
  });
});
