import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

interface Written {
  readonly alertmanagers: readonly object[];
  readonly sources: readonly { readonly allow: { readonly cidrs: readonly string[] } }[];
}

let folder: TempFolder;
beforeAll(() => {
  folder = createTempFolder();
});
afterAll(() => {
  folder.remove();
});

const init = (name: string, ...args: string[]): ReturnType<typeof callCommand> =>
  callCommand(['init', ...args, `--config.file=${join(folder.path, name)}`]);

describe('init', () => {
  it('writes a configuration with comments, which check-config takes', async () => {
    await init(
      'first.yml',
      '--alertmanager.url=http://am-0:9093',
      '--alertmanager.url=https://am.example.com/prefix',
      '--agent.cidr=10.0.0.0/8',
    );
    const file = join(folder.path, 'first.yml');
    const text = readFileSync(file, 'utf8');
    const { alertmanagers, sources } = parse(text) as Written;

    expect(alertmanagers).toEqual([
      { static_configs: [{ targets: ['am-0:9093'] }] },
      { scheme: 'https', path_prefix: '/prefix', static_configs: [{ targets: ['am.example.com:443'] }] },
    ]);
    for (const { allow } of sources) expect(allow.cidrs).toEqual(['10.0.0.0/8']);
    expect(text).toMatch(/^# /m);
    expect((await callCommand(['check-config', file])).stdout).toContain('2 alertmanagers');
  });

  it.each([
    [
      '--alertmanager.url=am-0:9093',
      '"am-0:9093" is not the URL of an Alertmanager, such as http://am-1:9093',
    ],
    ['--agent.cidr=10.0.0.1', '"10.0.0.1" is not a network, such as 10.0.0.0/8'],
  ])('refuses %s', async (flag, sentence) => {
    const { stderr, exitCode } = await init('bad.yml', flag);

    expect(stderr).toBe(`${sentence}\n`);
    expect(exitCode).toBe(1);
  });

  it('writes over no file unless it is told to', async () => {
    await init('twice.yml');
    expect((await init('twice.yml')).stderr).toContain('twice.yml exists already; --force writes over it');
    expect((await init('twice.yml', '--force')).exitCode).toBe(0);
  });
});
