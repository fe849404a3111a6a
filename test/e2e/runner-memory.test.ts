import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationText } from '../support/node-runner.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

const MIB = 1024 ** 2;
const PRINTED_MIB = 600;
// Some 80 MB are Node's and the program's. The rest is for what waits to be collected on a busy machine.
const MOST_MIB = 300;

/** The most that a process has had in memory, in bytes. */
function peakMemory(pid: number): number {
  const [, kilobytes = ''] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

let folder: TempFolder;
let runner: RunningCommand;

beforeEach(() => {
  folder = createTempFolder();
});

afterEach(async () => {
  await runner.stop();
  folder.remove();
});

describe('a check that prints more than a node can spare', () => {
  it('costs the runner no memory', async () => {
    const command = `head -c ${PRINTED_MIB * MIB} /dev/zero`;
    folder.write('conf.d/all.json', configurationText({ checks: { loud: { command, interval: 3 } } }));
    const log = join(folder.path, 'sensu-client.log');
    runner = runCommand(['runner', '--config.dir', join(folder.path, 'conf.d'), '--log.file', log]);

    await waitFor(
      'the result',
      () => readFileSync(log, 'utf8').includes(`truncated: ${PRINTED_MIB * MIB} bytes`),
      {
        deadlineMs: 25_000,
      },
    );

    const peak = peakMemory(runner.pid);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(MOST_MIB * MIB);
  });
});
