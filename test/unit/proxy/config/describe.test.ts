import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeConfig } from '../../../../src/proxy/config/describe.ts';
import { loadConfig } from '../../../../src/proxy/config/load.ts';
import { configFile, configFolder } from './config-file.ts';

const HTTP_CLIENT = `
    authorization: { credentials: hunter2 }
    tls_config: { cert: PEM, key: hunter2 }
    http_headers: { X-Token: { values: [shown], secrets: [hunter2] } }`;

const CONFIG = `
alertmanagers:
  - static_configs: [{ targets: ['localhost:9093'] }]
    basic_auth: { username: prometheus, password: hunter2 }
  - dns_sd_configs: [{ names: [_alertmanager._tcp.example.com] }]
    ${HTTP_CLIENT}
sources:
  - name: node-agent
    url: 'http://{instance}/checks/{check}'
    timeout: 1s500ms
    annotations: { check_output: check.output }
    allow: { ports: [9470], cidrs: ['10.0.0.0/8'] }
    ${HTTP_CLIENT}
  - name: sensu-core
    url: 'http://sensu-api:4567/results/{client}/{check}'
    matchers: ['client=~".+"']
    annotations: { check_output: check.output }
    allow: { ports: [4567], hosts: [sensu-api] }
    basic_auth: { username_file: user, password: hunter2 }
tracing: { endpoint: 'collector:4318', headers: { X-Token: hunter2 } }
`;

describe('describeConfig', () => {
  writeFileSync(join(configFolder, 'user'), 'prometheus');

  it('spells out every default in the words of the file', async () => {
    const { config } = await loadConfig(configFile(CONFIG));

    const described = describeConfig(config);

    expect(described).toContain('server:\n  max_body: 32MB\n');
    expect(described).toContain('  cache:\n    max_entries: 100000\n    max_bytes: 128MB\n    ttl: 30s\n');
    expect(described).toContain('    timeout: 1s500ms\n    connect_timeout: 300ms\n');
  });

  it('describes a configuration that is the same when it is loaded again', async () => {
    const { config } = await loadConfig(configFile(CONFIG));

    const again = await loadConfig(configFile(describeConfig(config)));

    expect(describeConfig(again.config)).toBe(describeConfig(config));
    expect(JSON.stringify(again.config)).toBe(JSON.stringify(config));
  });

  it('shows no secret', async () => {
    const { config } = await loadConfig(configFile(CONFIG));

    const described = describeConfig(config);

    expect(described).not.toContain('hunter2');
    expect(described.match(/<secret>/g)).toHaveLength(9);
    expect(described).toContain('- shown');
    expect(inspect(config, { depth: null, showHidden: true })).not.toContain('hunter2');
  });
});
