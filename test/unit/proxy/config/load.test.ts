import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formatProblem } from '../../../../src/platform/config/config-error.ts';
import { loadConfig } from '../../../../src/proxy/config/load.ts';
import { configFile, configFolder } from './config-file.ts';

const ALERTMANAGERS = "alertmanagers: [{ static_configs: [{ targets: ['localhost:9093'] }] }]";
const SOURCE = `{ name: a, matchers: ['check="a"'], url: 'http://{instance}/', annotations: { check_output: '@' }, allow: { ports: [80], hosts: [a] } }`;

describe('loadConfig', () => {
  it('fills in the defaults', async () => {
    const { config, warnings } = await loadConfig(configFile(`${ALERTMANAGERS}\nsources: [${SOURCE}]`));

    expect(warnings).toEqual([]);
    expect(config).toEqual({
      alertmanagers: [
        {
          scheme: 'http',
          path_prefix: '/',
          timeout: 5_000,
          api_version: 'v2',
          static_configs: [{ targets: ['localhost:9093'] }],
        },
      ],
      server: { max_body: 32 * 1024 * 1024 },
      enrichment: {
        deadline: 2_000,
        max_concurrency: 256,
        max_concurrency_per_host: 4,
        late_window: 0,
        max_concurrent_batches: 16,
        max_pending_batches: 64,
        cache: {
          max_entries: 100_000,
          max_bytes: 128 * 1024 * 1024,
          ttl: 30_000,
          negative_ttl: 90_000,
          stale_if_error: 3_600_000,
        },
      },
      sources: [
        {
          name: 'a',
          matchers: ['check="a"'],
          url: 'http://{instance}/',
          timeout: 1_000,
          connect_timeout: 300,
          max_response: 256 * 1024,
          resolved: 'fetch',
          overwrite: false,
          annotations: { check_output: '@' },
          max_annotation: 4096,
          redact: [],
          charset: ['utf-8'],
          allow: { ports: [80], hosts: ['a'] },
        },
      ],
    });
  });

  it('takes a file without sources: the proxy then only forwards', async () => {
    const { config } = await loadConfig(configFile(ALERTMANAGERS));

    expect(config.sources).toEqual([]);
  });

  it('takes a key without a value for none, as Prometheus does', async () => {
    const { config } = await loadConfig(configFile(`${ALERTMANAGERS}\nenrichment:\n  deadline:\nsources:\n`));

    expect(config.enrichment.deadline).toBe(2_000);
    expect(config.sources).toEqual([]);
  });

  it('takes 0 for a duration of nothing', async () => {
    const { config } = await loadConfig(configFile(`${ALERTMANAGERS}\nenrichment: { late_window: 0 }`));

    expect(config.enrichment.late_window).toBe(0);
  });

  it('follows anchors and merge keys', async () => {
    const { config } = await loadConfig(
      configFile(`${ALERTMANAGERS}\nsources:\n  - &a ${SOURCE}\n  - { <<: *a, name: b }`),
    );

    expect(config.sources.map(({ name, url }) => `${name} ${url}`)).toEqual([
      'a http://{instance}/',
      'b http://{instance}/',
    ]);
  });

  it.each(['localhost', '10.0.0.1:9093', '[2001:db8::1]:9093', 'am_0.example.com:1'])(
    'takes %s for the address of an Alertmanager',
    async (target) => {
      const file = configFile(
        `alertmanagers: [{ static_configs: [{ targets: ['${target}'], labels: { a: b } }] }]`,
      );

      const { config } = await loadConfig(file);

      expect(config.alertmanagers[0]?.static_configs?.[0]?.targets).toEqual([target]);
    },
  );

  it('hides secrets', async () => {
    const { config } = await loadConfig(
      configFile(
        "alertmanagers: [{ static_configs: [{ targets: [a] }], basic_auth: { username: u, password: 'p' } }]",
      ),
    );

    expect(config.alertmanagers[0]?.basic_auth?.password?.reveal()).toBe('p');
    expect(JSON.stringify(config.alertmanagers[0]?.basic_auth)).toBe(
      '{"username":"u","password":"<secret>"}',
    );
  });

  it('starts relative paths at the folder of the file, wherever the process runs', async () => {
    mkdirSync(join(configFolder, 'secrets'));
    writeFileSync(join(configFolder, 'secrets/password'), 'p');
    symlinkSync('secrets/password', join(configFolder, 'token'));
    const file = configFile(
      `alertmanagers:
  - static_configs: [{ targets: [a] }]
    basic_auth: { username: u, password_file: secrets/password }
    http_headers: { X-Token: { files: [token, ${join(configFolder, 'token')}] } }`,
    );

    const { config } = await loadConfig(relative(process.cwd(), file));

    expect(config.alertmanagers[0]?.basic_auth?.password_file).toBe(join(configFolder, 'secrets/password'));
    expect(config.alertmanagers[0]?.http_headers?.['X-Token']?.files).toEqual([
      join(configFolder, 'token'),
      join(configFolder, 'token'),
    ]);
  });

  it('takes an annotation whose name looks like a file for what it is', async () => {
    const source = SOURCE.replace("check_output: '@'", 'check_file: output_file');

    const { config } = await loadConfig(configFile(`${ALERTMANAGERS}\nsources: [${source}]`));

    expect(config.sources[0]?.annotations).toEqual({ check_file: 'output_file' });
  });
});

describe('the warnings of loadConfig', () => {
  const withKeys = (keys: string): string => SOURCE.replace(/ \}$/, `, ${keys} }`);

  it.each([
    [
      'an answer that takes as long as Prometheus waits',
      'alertmanagers: [{ static_configs: [{ targets: [a] }], timeout: 7s }]',
      '1: enrichment.deadline: with the largest timeout of an Alertmanager (7s) an answer may take 9s; keep it under 9s, because Prometheus gives up after 10s and does not send the batch again',
    ],
    [
      'dead nodes that are asked at each re-send',
      `${ALERTMANAGERS}\nenrichment:\n  cache:\n    negative_ttl: 59s`,
      '4: enrichment.cache.negative_ttl: shorter than the resend delay of Prometheus (1m): a dead node is asked at each re-send',
    ],
    [
      'a connect timeout that is never reached',
      `${ALERTMANAGERS}\nsources:\n  - ${withKeys('connect_timeout: 1s')}`,
      '3: sources[0].connect_timeout: never reached, because timeout is 1s',
    ],
    [
      'a fetch that may take longer than the alerts wait',
      `${ALERTMANAGERS}\nsources:\n  - ${withKeys('timeout: 3s')}`,
      '3: sources[0].timeout: alerts wait no longer than enrichment.deadline (2s)',
    ],
    [
      'a URL whose port the allow-list does not name',
      `${ALERTMANAGERS}\nsources:\n  - ${SOURCE.replace('{instance}', '{instance.host}:8080')}`,
      '3: sources[0].allow.ports: without 8080 the url of this source is blocked',
    ],
    [
      'sources that no alert can reach',
      `${ALERTMANAGERS}\nsources:\n  - ${SOURCE.replace(/matchers: \[[^\]]*\],/, '')}\n  - ${SOURCE.replace('name: a', 'name: b')}`,
      '3: sources[0].matchers: without matchers this source takes every alert; the sources below it get none',
    ],
  ])('tell of %s', async (_, text, warning) => {
    const file = configFile(text);

    const { warnings } = await loadConfig(file);

    expect(warnings.map(formatProblem)).toEqual([`${file}:${warning}`]);
  });
});
