import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { openLog } from '../../../src/runner/log-file.ts';
import { createCounters } from '../../../src/runner/counters.ts';
import { LostLines } from '../../../src/runner/lost-lines.ts';
import { startRunner, type RunnerUnderTest } from '../../support/node-runner.ts';
import { createSilentLog } from '../../support/silent-log.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

describe('a log on a full disk', () => {
  let directory: TempFolder;
  let node: RunnerUnderTest;

  beforeEach(async () => {
    directory = createTempFolder();
    const logFile = join(directory.path, 'sensu-client.log');
    await symlink('/dev/full', logFile);
    const checks = { one: { command: 'echo one' }, two: { command: 'echo two' } };
    node = await startRunner({ logFile, checks });
  });

  afterEach(async () => {
    await node.stop();
    directory.remove();
  });

  const lost = (): number => node.runner.counters.linesLost;

  it('is told once: what, where, why and what to do', async () => {
    await waitFor('four lost lines', () => lost() >= 4);

    expect(node.messages().match(/level=ERROR/g)).toHaveLength(1);
    expect(node.messages()).toContain(
      `msg="cannot write to the log, results are lost: make room for it, or name another one with --log.file" log=${node.logFile} err="ENOSPC: no space left on device, write"`,
    );
  });

  it('is told again when it takes lines, with how many were lost', async () => {
    await waitFor('two lost lines', () => lost() >= 2);
    await rm(node.logFile);
    directory.write('sensu-client.log', '');
    node.runner.reopenLog();
    await node.result('one');
    await node.result('two');

    expect(node.messages().match(/takes lines again/g)).toHaveLength(1);
    expect(node.messages()).toContain(
      `level=INFO msg="the log takes lines again" log=${node.logFile} lost=${lost()}`,
    );
  });
});

describe('a log on stdout', () => {
  const counters = createCounters();
  const logger = createSilentLog();
  const lost = new LostLines({ logFile: '-', counters, logger });

  it('loses the lines that its reader no longer takes', async () => {
    const stdout = new Writable({
      write: (_, __, done) => {
        done(new Error('EPIPE: broken pipe, write'));
      },
    }).on('error', () => undefined);
    const onLine = (reason: string | undefined): void => {
      lost.note(reason);
    };

    openLog({ path: '-', stdout, onLine, onStuck: () => undefined }).write(Buffer.from('a line\n'));

    await waitFor('the lost line', () => counters.linesLost === 1);
  });
});
