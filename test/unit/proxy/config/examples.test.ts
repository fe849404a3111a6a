import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { search } from '@jmespath-community/jmespath';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../src/proxy/config/load.ts';
import { configFolder } from './config-file.ts';

const shipped = join(import.meta.dirname, '../../../../config');
cpSync(join(shipped, 'alertmanager-proxy.yml'), join(configFolder, 'alertmanager-proxy.yml'));
cpSync(join(shipped, 'examples'), join(configFolder, 'examples'), { recursive: true });
mkdirSync(join(configFolder, 'examples/secrets'));
const secretFiles = [
  'alertmanager-password',
  'ca.pem',
  'checkmk-automation',
  'client-key.pem',
  'client.pem',
  'icinga2-ca.pem',
  'icinga2-password',
  'sensu-api-password',
  'sensu-go-api-key',
  'token',
];
for (const name of secretFiles) writeFileSync(join(configFolder, 'examples/secrets', name), '');

const AGENT = {
  client: 'web-001',
  client_attributes: { address: '10.0.2.100', subscriptions: ['production', 'client:web-001'] },
  check: {
    name: 'check_disk',
    command: 'check-disk-usage.rb -w 80',
    playbook: 'https://wiki.example.com/disk',
    status: 1,
    output: 'CheckDisk WARNING: / 81%\n',
    occurrences: 2,
  },
  issued_text: '2023-11-15 07:13:20 +0900',
};

// What each system answers, cut down to the fields around the output.
const cases = [
  [
    'alertmanager-proxy.yml',
    AGENT,
    {
      check_output: 'CheckDisk WARNING: / 81%\n',
      check_status_text: 'WARNING',
      check_issued: '2023-11-15 07:13:20 +0900',
      check_command: 'check-disk-usage.rb -w 80',
      check_occurrences: 2,
      client_address: '10.0.2.100',
      client_subscriptions: 'production,client:web-001',
      notification: null,
      playbook: 'https://wiki.example.com/disk',
    },
  ],
  [
    'examples/node-agent.yml',
    AGENT,
    {
      check_output: 'CheckDisk WARNING: / 81%\n',
      check_command: 'check-disk-usage.rb -w 80',
      check_occurrences: 2,
    },
  ],
  ['examples/plain-text.yml', 'DISK OK\n', { check_output: 'DISK OK\n' }],
  [
    'examples/sensu-core.yml',
    {
      client: 'web-001',
      check: { command: 'check-load.rb', output: 'load high\n', status: 2, history: [0, 2] },
    },
    { check_output: 'load high\n', check_command: 'check-load.rb', notification: null },
  ],
  [
    'examples/sensu-go.yml',
    { entity: {}, check: { output: 'load high\n', state: 'failing', status: 2, occurrences: 3 } },
    { check_output: 'load high\n', check_state: 'failing', check_occurrences: 3 },
  ],
  [
    'examples/icinga2.yml',
    {
      results: [
        {
          attrs: {
            last_check_result: { check_source: 'icinga-1', exit_status: 2.0, output: 'PING CRITICAL' },
          },
          name: 'web-001!ping4',
          type: 'Service',
        },
      ],
    },
    { check_output: 'PING CRITICAL', check_source: 'icinga-1' },
  ],
  [
    'examples/checkmk.yml',
    { domainType: 'service', extensions: { plugin_output: 'Used: 97%', long_plugin_output: 'of 40 GiB' } },
    { check_output: 'Used: 97%\nof 40 GiB' },
  ],
] as const;

describe('the shipped configuration', () => {
  it.each(cases)(
    '%s is valid and finds the output in what its source answers',
    async (name, body, annotations) => {
      const { config, warnings } = await loadConfig(join(configFolder, name));

      expect(warnings).toEqual([]);
      for (const source of config.sources) {
        const found = Object.entries(source.annotations).map(([key, path]) => [
          key,
          search(body as never, path),
        ]);
        expect(Object.fromEntries(found)).toEqual(annotations);
      }
    },
  );

  it.each([
    [0, 'OK'],
    [1, 'WARNING'],
    [2, 'CRITICAL'],
    [3, 'UNKNOWN'],
    [127, 'UNKNOWN'],
    [null, null],
  ])('calls status %j %j', async (status, text) => {
    const { config } = await loadConfig(join(configFolder, 'alertmanager-proxy.yml'));

    const path = config.sources[0]?.annotations['check_status_text'];

    expect(search({ check: { status } }, String(path))).toBe(text);
  });

  it('joins no details to the summary of Checkmk where there are none', async () => {
    const { config } = await loadConfig(join(configFolder, 'examples/checkmk.yml'));

    const path = config.sources[0]?.annotations['check_output'];

    expect(search({ extensions: { plugin_output: 'OK', long_plugin_output: '' } }, String(path))).toBe('OK');
  });

  it('is tested as a whole', () => {
    const examples = readdirSync(join(shipped, 'examples')).map((file) => `examples/${file}`);

    expect(cases.map(([name]) => name).sort()).toEqual(['alertmanager-proxy.yml', ...examples].sort());
  });
});
