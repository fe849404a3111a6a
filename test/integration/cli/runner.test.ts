import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { CommandIo } from '../../../src/cli/command-io.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { configurationText } from '../../support/node-runner.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

class FakeProcess {
  readonly stop = new AbortController();
  readonly listeners = new Map<string, () => void>();
  exitCode = 0;
  stdout = '';
  stderr = '';

  run(...flags: string[]): Promise<unknown> {
    const io: CommandIo = {
      stdout: this.#stream((text) => (this.stdout += text)),
      stderr: this.#stream((text) => (this.stderr += text)),
      env: { PATH: '/usr/bin:/bin' },
      nodeVersion: '99.0.0',
      stop: this.stop.signal,
      halt: new AbortController().signal,
      onSignal: (signal, listener) => {
        this.listeners.set(signal, listener);
        return () => this.listeners.delete(signal);
      },
      saveMemory: () => undefined,
      setExitCode: (code) => {
        this.exitCode = code;
      },
    };
    return createProgram(io).parseAsync(['node', 'alertmanager-proxy', 'runner', ...flags]);
  }

  #stream(keep: (text: string) => void): NodeJS.WritableStream {
    return new PassThrough().setEncoding('utf8').on('data', keep);
  }
}

let directory: TempFolder;

beforeEach(() => {
  directory = createTempFolder();
});

afterEach(() => {
  directory.remove();
});

function write(path: string, check: string): string {
  return directory.write(path, configurationText({ checks: { [check]: { command: `echo ${check}` } } }));
}

describe('alertmanager-proxy runner', () => {
  it('runs the checks of every directory, logs to stdout, follows its signals and stops', async () => {
    write('a/checks.json', 'in_a');
    write('b/checks.json', 'in_b');
    const node = new FakeProcess();
    const flags = ['--config.dir', join(directory.path, 'a'), `--config.dir=${join(directory.path, 'b')}`];

    const running = node.run(...flags, '--log.file=-', '--output.limit', '1MB');
    await waitFor(
      'both',
      () => node.stdout.includes('"output":"in_a\\n"') && node.stdout.includes('"output":"in_b\\n"'),
    );
    write('a/checks.json', 'later');
    node.listeners.get('SIGHUP')?.();
    await waitFor('the reloaded check', () => node.stdout.includes('"output":"later\\n"'));
    node.listeners.get('SIGUSR2')?.();
    node.stop.abort();
    await running;

    expect(node.exitCode).toBe(0);
    expect(node.listeners.size).toBe(0);
    expect(node.stderr).toContain('level=INFO msg="definitions loaded" checks=2 idle=0 broken=0');
    expect(node.stderr).toContain('level=INFO msg="running checks" log=-');
    expect(node.stderr.match(/definitions loaded/g)).toHaveLength(2);
    expect(node.stderr).toMatch(/msg=stopping\n(.|\n)*msg=stopped\n$/);
  });

  it('opens its log file anew at SIGUSR2', async () => {
    write('conf.d/checks.json', 'a_check');
    const log = directory.write('sensu-client.log', 'what was there before\n');
    const node = new FakeProcess();
    const running = node.run('--config.dir', join(directory.path, 'conf.d'), '--log.file', log);
    await waitFor('a line', async () =>
      (await readFile(log, 'utf8')).startsWith('what was there before\n{"timestamp"'),
    );
    await rename(log, `${log}.1`);
    node.listeners.get('SIGUSR2')?.();
    await waitFor('the new file', async () =>
      (await readFile(log, 'utf8').catch(() => '')).includes('a_check'),
    );

    node.stop.abort();
    await running;
    expect(node.exitCode).toBe(0);
  });

  it.each([
    [
      'a log whose folder does not exist',
      { name: 'ok' },
      '/nowhere/sensu-client.log',
      /cannot start.*the folder \/nowhere does not exist: create it or set --log\.file/,
    ],
    ['a log that cannot be opened', { name: 'ok' }, '/dev', /cannot start.*EISDIR.*\/dev/],
    [
      'a client without a usable name',
      { name: 'not ok' },
      '-',
      /the client is not usable: client name cannot contain spaces/,
    ],
  ])('ends with 1 for %s', async (_, client, log, message) => {
    directory.write('conf.d/client.json', JSON.stringify({ client }));
    const node = new FakeProcess();

    await node.run('--config.dir', join(directory.path, 'conf.d'), '--log.file', log);

    expect(node.exitCode).toBe(1);
    expect(node.stderr).toMatch(message);
  });

  it('ends with 1 for a configuration directory that does not exist, though another does', async () => {
    write('conf.d/checks.json', 'a_check');
    const [found, mistyped] = ['conf.d', 'conf.dd'].map((name) => join(directory.path, name));
    const node = new FakeProcess();

    await node.run(`--config.dir=${found}`, `--config.dir=${mistyped}`, '--log.file=-');

    expect(node.exitCode).toBe(1);
    expect(node.stderr).toContain(
      `err="the folder ${mistyped} does not exist: create it or set --config.dir"`,
    );
    expect(node.stdout).toBe('');
  });

  it('refuses a limit that is no size', async () => {
    const node = new FakeProcess();

    await expect(node.run('--output.limit', 'lots')).rejects.toThrow('Expected a size such as 512KB or 1MB.');
  });
});
