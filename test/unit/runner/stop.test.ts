import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRunner, until } from '../../support/node-runner.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../../support/temporary-directory.ts';

let shared: TemporaryDirectory;

beforeEach(async () => {
  shared = await createTemporaryDirectory();
});

afterEach(async () => {
  await shared.remove();
});

function started(): Promise<string> {
  return until(() => {
    const file = join(shared.path, 'pid');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() || undefined : undefined;
  }, 'the check to start');
}

function runDirectories(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('alertmanager-proxy-runner-'));
}

describe('stopping the runner', () => {
  it('lets a check finish that is about to, and logs its result', async () => {
    const command = 'echo $$ > $SHARED/pid; sleep 0.5; echo done';
    const node = await startRunner({ checks: { short: { command } }, env: { SHARED: shared.path } });
    await started();

    await node.runner.stop();

    expect((await node.lines()).map(({ payload }) => payload?.check.output)).toEqual(['done\n']);
    await node.stop();
  });

  it('ends what takes longer, logs nothing of it and leaves no process, within 15 s', async () => {
    const before = runDirectories();
    const command = `trap '' TERM; echo $$ > $SHARED/pid; sleep 86396 & wait; wait`;
    const node = await startRunner({ checks: { stubborn: { command } }, env: { SHARED: shared.path } });
    const pid = await started();
    const begin = Date.now();

    await node.runner.stop();

    expect(Date.now() - begin).toBeLessThan(15_000);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect((await node.lines()).filter(({ payload }) => payload !== undefined)).toEqual([]);
    expect(runDirectories()).toEqual(before);
    await node.stop();
  }, 20_000);
});
