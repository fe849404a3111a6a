import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createProgram } from '../../../src/cli/program.ts';

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
