import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../src/quickstart/free-port.ts';
import { loadConfiguration } from '../../src/sensu/configuration.ts';
import { codeBlocks } from '../support/markdown.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

jest.setTimeout(60_000);

const blocks = codeBlocks(readFileSync('docs/write-a-check.md', 'utf8'), 'sh');
const [script = '', definitions = '', run = '', look = '', push = '', nrpe = ''] = blocks;

describe('docs/write-a-check.md', () => {
  const folder = createTempFolder();
  const ports = new Map<string, string>();
  let agent: ChildProcess | undefined;

  beforeAll(async () => {
    const program = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/main.js')}' "$@"\n`;
    chmodSync(folder.write('bin/alertmanager-proxy', program), 0o755);
    for (const port of ['9470', '3030', '3031']) ports.set(port, String(await freePort()));
  });
  afterAll(async () => {
    if (agent?.kill() === true) await once(agent, 'exit');
    folder.remove();
  });

  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    PATH: `${folder.path}/bin${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const here = (commands: string): string =>
    [...ports]
      .reduce((text, [port, own]) => text.replaceAll(port, own), commands)
      .replaceAll('/etc/nagios', folder.path);
  const shell = async (commands: string): Promise<string> =>
    (await promisify(execFile)('sh', ['-ec', here(commands)], { cwd: folder.path, env })).stdout;

  it('has the blocks that are run here', () => {
    expect(blocks).toHaveLength(6);
  });

  it('has a script that ends with OK', async () => {
    expect(await shell(script)).toMatch(/^OK: \/ is \d+ % full\n$/);
  });

  it('has definitions that are valid', async () => {
    await shell(definitions);
    const loaded = await loadConfiguration({ directories: [join(folder.path, 'conf.d')], env: {} });

    expect(loaded).toMatchObject({ problems: [], client: { ok: true, client: { name: 'web-001' } } });
    expect([...loaded.checks.keys()]).toEqual(['check_disk']);
  });

  it('shows the check once the agent runs', async () => {
    const listen = `--web.listen-address 127.0.0.1:${ports.get('9470') ?? ''}`;
    agent = spawn('sh', ['-c', `exec ${run.trim()} ${listen}`], { cwd: folder.path, env, stdio: 'ignore' });

    const shown = await waitFor('the result', async () => {
      const text = await shell(look);
      return text.includes('% full') ? text : undefined;
    });
    expect(shown).toContain('"check_disk"');
  });

  it('pushes results that are taken and shown', async () => {
    const answers = await shell(push);

    expect(answers).toContain('ok');
    expect(answers).toContain('{"response":"ok"}');
    await waitFor('both results', async () => {
      const text = await shell('curl -s http://localhost:9470/checks');
      return text.includes('backup_db') && text.includes('deploy') ? text : undefined;
    });
  });

  it('makes definitions of what NRPE runs', async () => {
    folder.write(
      'nrpe.cfg',
      [
        'log_facility=daemon',
        '# command[check_old]=/bin/false',
        'command[check_users]=/usr/lib/nagios/plugins/check_users -w 5 -c 10',
        '  command[check_procs.zombie] = /usr/lib/nagios/plugins/check_procs -w 5 -s Z  ',
        String.raw`command[check_log]=grep -c "a\.b" /var/log/x`,
        '',
      ].join('\n'),
    );
    folder.write(
      'nrpe.d/local.cfg',
      'command[check_disk]=/usr/lib/nagios/plugins/check_disk -w $ARG1$ -c $ARG2$\n',
    );

    expect(await shell(nrpe)).toContain('write the arguments in');
    const { checks, problems } = await loadConfiguration({
      directories: [join(folder.path, 'conf.d')],
      env: {},
    });
    const commandOf = (name: string): unknown => checks.get(name)?.attributes.get('command');
    expect(problems).toEqual([]);
    expect(commandOf('check_users')).toBe('/usr/lib/nagios/plugins/check_users -w 5 -c 10');
    expect(commandOf('check_procs.zombie')).toBe('/usr/lib/nagios/plugins/check_procs -w 5 -s Z');
    expect(commandOf('check_log')).toBe(String.raw`grep -c "a\.b" /var/log/x`);
    expect(checks.has('check_old')).toBe(false);
  });
});
