import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startRunner } from '../../support/node-runner.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

// Nobody else on this machine sleeps for so many seconds.
const LONG = String(100_000 + process.pid);

let shared: TempFolder;

beforeEach(() => {
  shared = createTempFolder();
});

afterEach(() => {
  shared.remove();
});

function started(): Promise<string> {
  return waitFor('the check to start', () => {
    const file = join(shared.path, 'pid');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() || undefined : undefined;
  });
}

function sleeping(seconds: string): string[] {
  return readdirSync('/proc').filter((entry) => {
    const file = `/proc/${entry}/cmdline`;
    return /^\d+$/.test(entry) && existsSync(file) && readFileSync(file, 'utf8').includes(seconds);
  });
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

  it('ends what made a process group or a session of its own', async () => {
    const command = `setsid sleep ${LONG} & timeout 600 sh -c 'echo $$ > $SHARED/pid; sleep ${LONG}' | cat`;
    const node = await startRunner({ checks: { spread: { command } }, env: { SHARED: shared.path } });
    await started();

    await node.runner.stop();

    expect(sleeping(LONG)).toEqual([]);
    await node.stop();
  });

  it('ends what takes longer, logs nothing of it and leaves no process, within 15 s', async () => {
    const command = `trap '' TERM; readlink /proc/$$/fd/2 > $SHARED/pipe; echo $$ > $SHARED/pid; sleep 86396 & wait; wait`;
    const node = await startRunner({ checks: { stubborn: { command } }, env: { SHARED: shared.path } });
    const pid = await started();
    const pipe = readFileSync(join(shared.path, 'pipe'), 'utf8');
    const begin = Date.now();

    await node.runner.stop();

    expect(Date.now() - begin).toBeLessThan(15_000);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect((await node.lines()).filter(({ payload }) => payload !== undefined)).toEqual([]);
    expect(pipe).toContain('-runner-');
    expect(existsSync(dirname(pipe))).toBe(false);
    await node.stop();
  });
});
