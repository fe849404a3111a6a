import { describe, expect, it } from '@jest/globals';
import { callCommand } from '../../../support/call-command.ts';
import { loadConfig } from '../../../../src/proxy/config/load.ts';
import { PRESETS } from '../../../../src/proxy/config/presets.ts';
import { configFile } from './config-file.ts';

const sourcesOf = async (sources: string): Promise<unknown> => (await load(sources)).sources;

async function load(sources: string) {
  const file = configFile(
    `alertmanagers: [{ static_configs: [{ targets: ['am:9093'] }] }]\nsources:\n${sources}`,
  );
  return (await loadConfig(file)).config;
}

async function problemsOf(sources: string): Promise<string[]> {
  const error: unknown = await load(sources).catch((thrown: unknown) => thrown);
  return (error as Error).message.split('\n').map((line) => line.replace(/^.*config[^:]*\.yml:/, ''));
}

const ALLOW = "allow: { cidrs: ['10.0.0.0/8'] }";

describe('preset: agent', () => {
  it('asks the agent of the node, and of the devices that it reports for, each by its own source', async () => {
    const ofTheNode = {
      name: 'node-agent',
      matchers: ['instance=~".+"', 'check=~".+"'],
      url: 'http://{instance}/checks/{check}?max_bytes=4000',
      allow: { ports: [9470], cidrs: ['10.0.0.0/8'] },
      batch: {
        label: 'check',
        list: 'checks',
        name: 'check.name',
        url: 'http://{instance}/checks?output=1&max_bytes=4000&names={check}',
      },
    };
    expect(await sourcesOf(`  - preset: agent\n    ${ALLOW}`)).toMatchObject([
      {
        name: 'node-agent-devices',
        matchers: ['instance=~".+"', 'check=~".+"', 'source=~".+"'],
        url: `${ofTheNode.url}&source={source}`,
        batch: { url: `${ofTheNode.batch.url}&source={source}` },
      },
      ofTheNode,
    ]);
  });

  it.each([
    ['a name', 'name: mine', { name: 'mine' }],
    ['matchers', 'matchers: [\'job="checks"\']', { matchers: ['job="checks"'] }],
    [
      'a whole URL',
      "url: 'http://{instance.host}:80/c/{check}'",
      { url: 'http://{instance.host}:80/c/{check}' },
    ],
  ])('is one source with %s of its own', async (_, key, expected) => {
    expect(await sourcesOf(`  - preset: agent\n    ${key}\n    ${ALLOW}`)).toMatchObject([expected]);
    expect(await sourcesOf(`  - preset: agent\n    ${key}\n    ${ALLOW}`)).toHaveLength(1);
  });

  it.each([
    [
      'another scheme',
      "url: 'https://{instance}'",
      { url: 'https://{instance}/checks/{check}?max_bytes=4000' },
    ],
    [
      'a scheme with a slash',
      "url: 'https://{instance}/'",
      { url: 'https://{instance}/checks/{check}?max_bytes=4000' },
    ],
    ['a port', 'allow: { ports: [9999], cidrs: [10.0.0.0/8] }', { allow: { ports: [9999] } }],
    ['annotations', "annotations: { check_output: '@' }", { annotations: { check_output: '@' } }],
    ['a timeout', 'timeout: 3s', { timeout: 3_000 }],
  ])('gives way to %s', async (_, key, expected) => {
    const allow = key.startsWith('allow') ? '' : `\n    ${ALLOW}`;
    const { sources } = await load(`  - preset: agent\n    ${key}${allow}`);

    expect(sources).toHaveLength(2);
    expect(sources.at(-1)).toMatchObject(expected);
  });
});

describe('the preset of a central source', () => {
  it.each([
    [
      'pushgateway',
      'http://gw:9091',
      'http://gw:9091/clients/{client}/checks/{check}?max_bytes=4000',
      [9091],
    ],
    ['sensu-core', 'https://api', 'https://api/results/{client}/{check}', [443]],
    ['sensu-go', 'http://go/', 'http://go/api/core/v2/namespaces/default/events/{entity}/{check}', [80]],
    [
      'icinga2',
      'https://i:5665',
      'https://i:5665/v1/objects/services/{host}%21{service}?attrs=last_check_result',
      [5665],
    ],
    [
      'checkmk',
      'https://c/site',
      'https://c/site/check_mk/api/1.0/objects/host/{host}/actions/show_service/invoke?service_description={service}&columns=plugin_output&columns=long_plugin_output',
      [443],
    ],
  ])('%s follows its URL, and may connect there alone', async (preset, base, url, ports) => {
    const [source] = (await load(`  - { preset: ${preset}, url: '${base}' }`)).sources;

    expect(source).toMatchObject({ url, allow: { ports, hosts: [new URL(base).hostname] } });
    expect(source?.name).toBe(preset);
  });

  it.each([
    ['http://10.0.0.5:9091', '10.0.0.5/32'],
    ['http://[fd00::1]:9091', 'fd00::1/128'],
  ])('allows the address %s itself', async (base, cidr) => {
    expect(await sourcesOf(`  - { preset: pushgateway, url: '${base}' }`)).toMatchObject([
      { allow: { ports: [9091], cidrs: [cidr] } },
    ]);
  });

  it('keeps a block of its own, key by key', async () => {
    expect(
      await sourcesOf(
        "  - { preset: checkmk, url: 'https://c/s', allow: { ports: [444] }, http_headers: { X-A: { values: [b] } } }",
      ),
    ).toMatchObject([
      {
        allow: { ports: [444], hosts: ['c'] },
        http_headers: { Accept: { values: ['application/json'] }, 'X-A': { values: ['b'] } },
      },
    ]);
  });
});

describe('a mistake beside a preset', () => {
  it.each([
    ['a preset that there is not', '  - preset: agnet', '3: sources[0].preset: must be one of agent, '],
    ['no host', '  - preset: sensu-go', '3: sources[0].url: is required'],
    ['no network, once for both sources', '  - preset: agent', '3: sources[0].allow: needs hosts or cidrs'],
    [
      'a mistyped key, once',
      `  - preset: agent\n    ${ALLOW}\n    timeuot: 1s`,
      '5: sources[0].timeuot: unknown key; did you mean timeout?',
    ],
    [
      'a mistake behind it, at its own place',
      `  - preset: agent\n    ${ALLOW}\n  - { preset: icinga2, url: 'https://i', retries: 3 }`,
      '5: sources[1].retries: unknown key',
    ],
  ])('is told at its line: %s', async (_, sources, problem) => {
    const problems = await problemsOf(sources);

    expect(problems.filter((line) => line.startsWith(problem))).toHaveLength(1);
    expect(problems.every((line) => !/sources\[[2-9]\]/.test(line))).toBe(true);
  });
});

describe('check-config --print', () => {
  it.each(Object.keys(PRESETS))('writes out what %s stands for, and that says the same', async (preset) => {
    const file = configFile(
      `alertmanagers: [{ static_configs: [{ targets: ['am:9093'] }] }]\nsources:\n  - { preset: ${preset}, ${preset === 'agent' ? ALLOW : "url: 'http://host'"} }`,
    );

    const { stdout, exitCode } = await callCommand(['check-config', '--print', file]);

    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('preset:');
    const { config } = await loadConfig(file);
    expect((await loadConfig(configFile(stdout))).config).toEqual(config);
  });
});
