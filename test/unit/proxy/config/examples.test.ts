import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { AlertStatus } from '../../../../src/proxy/alert/alert.ts';
import { extractionOf } from '../../../../src/proxy/wiring/source.ts';
import { loadConfig } from '../../../../src/proxy/config/load.ts';
import { createExtractor } from '../../../../src/proxy/enrich/extract.ts';
import { createAuthority, LOOPBACK } from '../../../support/certificates.ts';
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
const authority = await createAuthority();
const client = await authority.issue(LOOPBACK);
for (const name of secretFiles) writeFileSync(join(configFolder, 'examples/secrets', name), secretIn(name));

function secretIn(file: string): string {
  if (file === 'client-key.pem') return client.key;
  if (file === 'client.pem') return client.cert;
  return file.endsWith('.pem') ? authority.cert : '';
}

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

const AGENT_ANNOTATIONS = {
  check_output: 'CheckDisk WARNING: / 81%\n',
  check_status_text: 'WARNING',
  check_status: '1',
  check_issued: '2023-11-15 07:13:20 +0900',
  check_command: 'check-disk-usage.rb -w 80',
  check_occurrences: '2',
  client_name: 'web-001',
  client_address: '10.0.2.100',
  client_subscriptions: 'production,client:web-001',
  playbook: 'https://wiki.example.com/disk',
};

// What each system answers, cut down to the fields around the output.
const cases = [
  ['alertmanager-proxy.yml', AGENT, AGENT_ANNOTATIONS],
  ['examples/node-agent.yml', AGENT, AGENT_ANNOTATIONS],
  ['examples/pushgateway.yml', AGENT, AGENT_ANNOTATIONS],
  ['examples/plain-text.yml', 'DISK OK\n', { check_output: 'DISK OK\n' }],
  [
    'examples/sensu-core.yml',
    {
      client: 'web-001',
      check: { command: 'check-load.rb', output: 'load high\n', status: 2, history: [0, 2] },
    },
    { check_output: 'load high\n', check_command: 'check-load.rb' },
  ],
  [
    'examples/sensu-go.yml',
    { entity: {}, check: { output: 'load high\n', state: 'failing', status: 2, occurrences: 3 } },
    { check_output: 'load high\n', check_state: 'failing', check_occurrences: '3' },
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
        expect(extract(source, 'firing', body)).toEqual(annotations);
        expect(extract(source, 'resolved', body)).toEqual(annotations);
      }
    },
  );

  it('joins no details to the summary of Checkmk where there are none', async () => {
    const { config } = await loadConfig(join(configFolder, 'examples/checkmk.yml'));

    const body = { extensions: { plugin_output: 'OK', long_plugin_output: '' } };

    expect(extract(config.sources[0], 'firing', body)).toMatchObject({ check_output: 'OK' });
  });

  it.each(cases.map(([name]) => name))('%s names in its head the files to create first', (name) => {
    const [head = '', body = ''] = readFileSync(join(shipped, name), 'utf8').split('\n\nalertmanagers:');
    const named = (text: string): Set<string> => new Set(text.match(/secrets\/[\w.-]+\w/g));

    expect(named(head)).toEqual(named(body));
  });

  it.each(cases.map(([name]) => [name, name.startsWith('examples/') ? 15 : 25] as const))(
    '%s is shorter than %i lines',
    (name, lines) => {
      expect(readFileSync(join(shipped, name), 'utf8').trimEnd().split('\n').length).toBeLessThan(lines);
    },
  );

  it('is tested as a whole', () => {
    // That of `web` has a test of its own.
    const files = readdirSync(join(shipped, 'examples')).filter((file) => !file.startsWith('web-'));
    const examples = files.map((file) => `examples/${file}`);

    expect(cases.map(([name]) => name).sort()).toEqual(['alertmanager-proxy.yml', ...examples].sort());
  });
});

describe('the text of the shipped configuration', () => {
  const before = { status: 2, output: 'CheckDisk CRITICAL\n', issued_text: '2023-11-15 07:12:20 +0900' };
  const critical = {
    ...AGENT,
    check: { ...AGENT.check, status: 2, output: before.output },
    last_non_ok: before,
  };
  const ok = {
    ...AGENT,
    check: { ...AGENT.check, status: 0, output: 'CheckDisk OK\n' },
    last_non_ok: before,
  };
  const silent = {
    ...critical,
    check: { ...critical.check, output: '' },
    last_non_ok: { ...before, output: '' },
  };

  it.each<[string, AlertStatus, unknown, Record<string, string>]>([
    [
      'the result while it is not OK',
      'firing',
      critical,
      { check_output: before.output, check_status_text: 'CRITICAL' },
    ],
    [
      'nothing where the script printed nothing',
      'firing',
      silent,
      { check_output: '', check_status_text: 'CRITICAL' },
    ],
    [
      'the last result that was not OK once the check is OK while the alert still fires, and says so',
      'firing',
      ok,
      {
        check_output: 'The check is OK by now. What it said before:\nCheckDisk CRITICAL\n',
        check_status_text: 'CRITICAL',
        check_issued: '2023-11-15 07:12:20 +0900',
      },
    ],
    [
      'what there is, and says so, where no other result is known',
      'firing',
      { ...ok, last_non_ok: null },
      {
        check_output: 'The check is OK by now. It says:\nCheckDisk OK\n',
        check_status_text: 'OK',
        check_issued: AGENT.issued_text,
      },
    ],
    [
      'the OK result once the alert is resolved',
      'resolved',
      ok,
      { check_output: 'CheckDisk OK\n', check_status_text: 'OK', check_issued: AGENT.issued_text },
    ],
    [
      'what the check says where the alert is resolved because its severity changed',
      'resolved',
      critical,
      { check_output: before.output, check_status_text: 'CRITICAL' },
    ],
  ])('is %s', async (_, status, body, annotations) => {
    const { config } = await loadConfig(join(configFolder, 'alertmanager-proxy.yml'));

    for (const source of config.sources) expect(extract(source, status, body)).toMatchObject(annotations);
  });

  it.each([
    [1, 'WARNING'],
    [2, 'CRITICAL'],
    [3, 'UNKNOWN'],
    [127, 'UNKNOWN'],
  ])('calls status %d %s', async (status, text) => {
    const { config } = await loadConfig(join(configFolder, 'alertmanager-proxy.yml'));
    const body = { ...AGENT, check: { ...AGENT.check, status } };

    for (const state of ['firing', 'resolved'] as const) {
      expect(extract(config.sources[0], state, body)).toMatchObject({ check_status_text: text });
    }
  });

  it.each(['firing', 'resolved'] as const)(
    'says of a %s alert that its check has not run, and takes nothing from answers of another kind',
    async (status) => {
      const { config } = await loadConfig(join(configFolder, 'alertmanager-proxy.yml'));
      const check = { name: 'check_disk', command: 'check-disk-usage.rb' };
      const unrun = { client: 'web-001', client_attributes: {}, check, last_result: null };
      const silent = { ...AGENT, check: { ...AGENT.check, status: 0, output: '' }, last_non_ok: null };

      for (const source of config.sources) {
        expect(extract(source, status, unrun)).toEqual({
          check_output: 'The agent knows no result of this check.',
          check_command: 'check-disk-usage.rb',
          client_name: 'web-001',
        });
        expect(extract(source, status, silent)).toMatchObject({ check_output: '' });
        for (const body of [{ hello: 1 }, [], 7])
          expect(extract(source, status, body)).toBe('the answer holds nothing for check_output');
      }
    },
  );
});

type Source = Awaited<ReturnType<typeof loadConfig>>['config']['sources'][number];

/** What the proxy takes from an answer, or why it takes nothing. */
function extract(source: Source | undefined, status: AlertStatus, body: unknown): unknown {
  if (source === undefined) throw new Error('the configuration has no source');
  const isText = typeof body === 'string';
  const extracted = createExtractor(extractionOf(source))({
    body: Buffer.from(isText ? body : JSON.stringify(body)),
    contentType: isText ? 'text/plain' : 'application/json',
  });
  return typeof extracted === 'string' ? extracted : extracted.annotations[status].entries;
}
