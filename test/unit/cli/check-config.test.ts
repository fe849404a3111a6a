import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createProgram } from '../../../src/cli/program.ts';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const root = join(import.meta.dirname, '../../..');
const valid = join(root, 'config/alertmanager-proxy.yml');
const invalid = join(root, 'test/fixtures/config/invalid-unknown-key.yml');
const suspicious = join(root, 'test/fixtures/config/suspicious.yml');

async function checkConfig(...files: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let code = 0;
  const program = createProgram({
    stdout,
    stderr,
    env: {},
    nodeVersion: '99.0.0',
    stop: new AbortController().signal,
    halt: new AbortController().signal,
    onSignal: () => () => undefined,
    saveMemory: () => undefined,
    setExitCode: (value) => {
      code = value;
    },
  });
  await program.parseAsync(['node', 'alertmanager-proxy', 'check-config', ...files]);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

describe('check-config', () => {
  it('says what a valid file holds', async () => {
    await expect(checkConfig(valid)).resolves.toEqual({
      code: 0,
      stdout: `${valid}: valid, 1 alertmanager, 2 sources\n`,
      stderr: '',
    });
  });

  it('prints every problem and goes on to the next file', async () => {
    await expect(checkConfig(invalid, valid, 'nowhere.yml')).resolves.toEqual({
      code: 1,
      stdout: `${valid}: valid, 1 alertmanager, 2 sources\n`,
      stderr: `${invalid}:5: enrichment.deadlin: unknown key; did you mean deadline?\nnowhere.yml: cannot be read: no such file\n`,
    });
  });

  it('prints warnings and takes the file for valid', async () => {
    await expect(checkConfig(suspicious)).resolves.toEqual({
      code: 0,
      stdout: `${suspicious}: valid, 3 alertmanagers, 0 sources\n`,
      stderr: `${suspicious}:7: enrichment.cache.negative_ttl: warning: shorter than the resend delay of Prometheus (1m): a dead node is asked at each re-send\n`,
    });
  });

  it('wants to be told which file', async () => {
    await expect(checkConfig()).rejects.toMatchObject({ code: 'commander.missingArgument', exitCode: 1 });
  });
});

describe('check-config of the web configuration of a listener', () => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });
  const HASH = '$2b$10$CR2pt7omjCxkRb9uSuLXOOzJtCrej80UZFyXUDZYqnjE9Kn7IIP.u';

  it.each([
    ['users', `basic_auth_users: { prom: '${HASH}' }`, 'valid, http, 1 user\n'],
    ['a limit', 'rate_limit: { interval: 1s, burst: 5 }', 'valid, http, 0 users\n'],
  ])('takes one with %s', async (_, content, said) => {
    const file = folder.write('web.yml', content);

    expect(await callCommand(['check-config', file])).toEqual({
      stdout: `${file}: ${said}`,
      stderr: '',
      exitCode: 0,
    });
  });

  it.each([
    [
      'a plain password',
      'basic_auth_users: { prom: hunter2 }',
      'basic_auth_users.prom: is not a bcrypt hash',
    ],
    [
      'a missing file',
      'tls_server_config: { cert_file: a, key_file: b }',
      'tls_server_config.cert_file: cannot be read',
    ],
  ])('refuses one with %s', async (_, content, problem) => {
    const file = folder.write('web.yml', content);

    const { stderr, exitCode } = await callCommand(['check-config', file]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${file}: ${problem}`);
    expect(stderr).not.toContain('hunter2');
  });
});
