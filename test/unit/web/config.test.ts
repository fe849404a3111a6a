import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { ConfigError } from '../../../src/platform/config/config-error.ts';
import { describeConfig } from '../../../src/platform/config/describe-config.ts';
import { loadWebConfigFile } from '../../../src/web/config/load.ts';
import { webConfigFileSchema } from '../../../src/web/config/schema.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

const cluster = (name: string, ...targets: readonly string[]) => ({
  name,
  alertmanagers: [{ static_configs: [{ targets }] }],
});
const details = {
  name: 'agent',
  list: 'http://{instance}/checks',
  check: 'http://{instance}/checks/{check}',
  allow: { ports: [9470], cidrs: ['10.0.0.0/8'] },
};

function load(config: object): ReturnType<typeof loadWebConfigFile> {
  const file = join(folder.path, 'web.yml');
  writeFileSync(file, stringify(config));
  return loadWebConfigFile(file);
}

async function problemsOf(config: object): Promise<string[]> {
  try {
    await load(config);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, sentence }) => `${key}: ${sentence}`);
  }
}

describe('the configuration of web', () => {
  it.each(['config/web.yml', 'config/examples/web-two-regions.yml'])(
    'is valid as shipped: %s',
    async (file) => {
      expect((await loadWebConfigFile(file)).warnings).toEqual([]);
    },
  );

  it('spells out its defaults and hides its secrets', async () => {
    const [only] = cluster('a', 'am:9093').alertmanagers;
    const { config } = await load({
      clusters: [
        { name: 'a', alertmanagers: [{ ...only, basic_auth: { username: 'u', password: 'hunter2' } }] },
      ],
    });
    const text = describeConfig(webConfigFileSchema, config);
    expect(text).toContain('interval: 15s');
    expect(text).toContain('password: <secret>');
    expect(text).not.toContain('hunter2');
  });

  const base = { clusters: [cluster('a', 'am:9093')] };
  it.each<[string, object, string]>([
    ['no cluster', { clusters: [] }, 'clusters: must have at least one entry'],
    ['an unknown key', { ...base, silence: {} }, 'silence: unknown key; did you mean silences?'],
    ['a bad name', { clusters: [cluster('Prod East', 'am:9093')] }, 'clusters[0].name: must be lower-case'],
    [
      'a name twice',
      { clusters: [cluster('a', 'x:1'), cluster('a', 'y:1')] },
      'clusters[1].name: is the name of an earlier',
    ],
    [
      'a target of two clusters',
      { clusters: [cluster('a', 'am:9093'), cluster('b', 'am:9093')] },
      'clusters[1].alertmanagers[0].static_configs[0].targets[0]: belongs to cluster a already',
    ],
    [
      'headers from everywhere',
      { ...base, authentication: { header: { user: 'X-U', trusted_proxies: ['0.0.0.0/0'] } } },
      'would let everybody',
    ],
    [
      'headers from nowhere',
      { ...base, authentication: { header: { user: 'X-U' } } },
      'trusted_proxies: is required',
    ],
    [
      'a rule for no cluster',
      { ...base, authorization: { rules: [{ users: ['*'], clusters: ['b-*'], role: 'viewer' }] } },
      'matches no cluster',
    ],
    [
      'a rule for nobody',
      { ...base, authorization: { rules: [{ clusters: ['a'], role: 'viewer' }] } },
      'needs users or groups',
    ],
    [
      'a role that is not one',
      { ...base, authorization: { default_role: 'admin' } },
      'must be one of none, viewer, operator',
    ],
    [
      'a default that is too long',
      { ...base, silences: { default_duration: '40d' } },
      'must be at most max_duration (4w2d)',
    ],
    [
      'a pattern that RE2 does not take',
      { ...base, silences: { comment_pattern: '(?=x)' } },
      'is not a regular expression in RE2 syntax',
    ],
    ['a time zone that is not one', { ...base, ui: { time_zone: 'Mars/Base' } }, 'is not a time zone'],
    ['a share of nothing', { ...base, refresh: { max_share: 0 } }, 'must be above 0 and at most 1'],
    ['a selector that is a query', { ...base, node_selector: 'up == 1' }, 'must be the name of a metric'],
    [
      'details without bounds',
      { ...base, details: [{ ...details, allow: undefined }] },
      'details[0].allow: is required',
    ],
    [
      'an address that is not of the web',
      {
        clusters: [
          {
            ...cluster('a', 'x:1'),
            prometheus: [{ static_configs: [{ targets: ['p:1'] }], external_url: 'javascript:alert(1)' }],
          },
        ],
      },
      'must be an address that starts with http',
    ],
  ])('is refused with a sentence for %s', async (_, config, sentence) => {
    expect((await problemsOf(config)).join('\n')).toContain(sentence);
  });

  it('warns of a URL with a label that no matcher makes sure of', async () => {
    const { warnings } = await load({ ...base, details: [details] });
    expect(warnings.map(({ key }) => key)).toEqual(['details[0].list', 'details[0].check']);
  });
});
