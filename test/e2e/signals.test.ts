import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { configurationText } from '../support/node-runner.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

const LISTEN = '--web.listen-address=127.0.0.1:0';
const PROXY = 'alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:9"] }] }]\n';

let folder: TempFolder;
let conf: string;
let log: string;
let command: RunningCommand | undefined;

beforeEach(() => {
  folder = createTempFolder();
  conf = join(folder.path, 'conf.d');
  log = join(folder.path, 'sensu-client.log');
  folder.write('conf.d/all.json', configurationText({ checks: { a_check: { command: 'echo here' } } }));
});

afterEach(async () => {
  await command?.stop();
  folder.remove();
});

function start(...args: readonly string[]): RunningCommand {
  command = runCommand(args);
  return command;
}

function loads({ stderr }: RunningCommand): number {
  return stderr.match(/definitions loaded/g)?.length ?? 0;
}

/** Whether a process has listeners of its own for both signals; without, they end it. */
function listens(pid: number): boolean {
  const [, caught = '0'] = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const [hangUp, user2] = [1n << 0n, 1n << 11n];
  return (BigInt(`0x${caught}`) & (hangUp | user2)) === (hangUp | user2);
}

describe('a signal to an agent that has nothing to do for it', () => {
  it('does not end the agent, and is told', async () => {
    const agent = start('agent', LISTEN, '--log.file', log);
    await agent.printed(/msg=ready/);

    agent.kill('SIGUSR2');
    agent.kill('SIGHUP');

    await agent.printed(/msg="signal ignored" signal=SIGUSR2 reason="the agent follows/);
    await agent.printed(/msg="signal ignored" signal=SIGHUP reason="without --config\.dir/);
    expect(await agent.stop()).toBe(0);
  });

  it('loads the definitions again where there are some', async () => {
    const agent = start('agent', LISTEN, '--log.file', log, '--config.dir', conf);
    await agent.printed(/msg=ready/);

    agent.kill('SIGHUP');

    await waitFor('the reload', () => loads(agent) === 2);
    expect(await agent.stop()).toBe(0);
  });
});

describe('SIGUSR2 to the proxy', () => {
  it('does not end it, and is told', async () => {
    const proxy = start('serve', LISTEN, `--config.file=${folder.write('proxy.yml', PROXY)}`);
    await proxy.printed(/msg="ready to take alerts"/);

    proxy.kill('SIGUSR2');

    await proxy.printed(/msg="signal ignored" signal=SIGUSR2 reason="the proxy has no log file/);
    expect(await proxy.stop()).toBe(0);
  });
});

describe('SIGUSR2 and SIGHUP', () => {
  it.each([
    ['the runner', ['runner'], /msg="running checks"/],
    ['the agent with a runner', ['agent', '--with-runner', LISTEN], /msg=ready/],
  ])('let %s go on with a new log, and load the definitions again', async (_, args, ready) => {
    const node = start(...args, '--config.dir', conf, '--log.file', log);
    await node.printed(ready);
    await waitFor('a result', () => readFileSync(log, 'utf8').includes('a_check'));
    renameSync(log, `${log}.1`);

    node.kill('SIGUSR2');
    node.kill('SIGHUP');

    await waitFor('a result in the new log', () => readFileSync(log, 'utf8').includes('a_check'));
    await waitFor('the reload', () => loads(node) === 2);
    expect(await node.stop()).toBe(0);
  });

  it.each([
    ['the proxy', () => ['serve', LISTEN, `--config.file=${folder.write('proxy.yml', PROXY)}`]],
    ['the agent', () => ['agent', LISTEN, '--log.file', log]],
    ['the runner', () => ['runner', '--config.dir', conf, '--log.file', log]],
  ])('do not end %s that has not loaded its own modules yet', async (_, args) => {
    const program = start(...args());
    await waitFor('its listeners', () => listens(program.pid), { everyMs: 1 });

    program.kill('SIGHUP');
    program.kill('SIGUSR2');

    await program.printed(/msg=ready|msg="(ready to take alerts|running checks)"/);
    expect(await program.stop()).toBe(0);
  });

  it('take effect after the start when they come during it', async () => {
    // The runner cannot start before somebody reads.
    execFileSync('sh', ['-c', 'mkfifo "$0"', log]);
    const runner = start('runner', '--config.dir', conf, '--log.file', log);
    await waitFor('its listeners', () => listens(runner.pid));

    runner.kill('SIGHUP');
    runner.kill('SIGUSR2');
    expect(runner.stderr).toBe('');
    const reader = createReadStream(log).resume();

    await waitFor('the reload', () => loads(runner) === 2, { show: () => runner.stderr });
    expect(runner.stderr.match(/running checks/g)).toHaveLength(1);
    expect(await runner.stop()).toBe(0);
    reader.destroy();
    expect(existsSync(log)).toBe(true);
  });
});
