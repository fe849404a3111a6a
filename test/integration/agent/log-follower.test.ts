import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFollowedLog, type FollowedLog } from '../../support/followed-log.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('LogFollower', () => {
  let log: FollowedLog;
  let path: string;

  beforeEach(() => {
    log = createFollowedLog();
    path = log.path;
  });
  afterEach(() => log.dispose());

  it('reads what is added, and half a line only when its end comes', async () => {
    writeFileSync(path, 'one\n');
    await log.start();

    appendFileSync(path, 'two\nth');
    await log.reads('one', 'two');
    appendFileSync(path, 'ree\n');

    await log.reads('one', 'two', 'three');
  });

  it('waits for a log that does not exist yet, and says so once', async () => {
    await log.start();

    writeFileSync(path, 'one\n');

    await log.reads('one');
    expect(log.told().match(/no log file yet/g)).toHaveLength(1);
  });

  it('drains the renamed file until the new one appears, and after that too', async () => {
    writeFileSync(path, '1\n');
    await log.start();

    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, '2\n');
    await log.reads('1', '2');
    appendFileSync(`${path}.1`, '3\n');
    writeFileSync(path, '4\n');
    await log.reads('1', '2', '3', '4');
    // logrotate's `create` makes the new file before the writer reopens.
    appendFileSync(`${path}.1`, '5\n');

    await log.reads('1', '2', '3', '4', '5');
  });

  it('reads a log that was cut to nothing from its beginning', async () => {
    writeFileSync(path, 'one\ntwo\nhal');
    await log.start();

    truncateSync(path);
    appendFileSync(path, '3\n');

    await log.reads('one', 'two', '3');
  });

  it('notices a cut even if the log has grown beyond its old length before the next look', async () => {
    writeFileSync(path, 'one\n');
    await log.start();

    writeFileSync(path, 'new-1\nnew-2\n');

    await log.reads('one', 'new-1', 'new-2');
  });

  it.each([
    [
      'as it is',
      () => {
        copyFileSync(path, `${path}.1`);
      },
    ],
    [
      'compressed',
      () => {
        writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(path)));
      },
    ],
  ])('finds what copytruncate copied %s before it could be read', async (_, copy) => {
    writeFileSync(path, 'one\ntw');
    await log.start();

    // In one step, as seen by a follower that looks from time to time.
    appendFileSync(path, 'o\nthree\n');
    copy();
    truncateSync(path);
    appendFileSync(path, 'four\n');

    await log.reads('one', 'two', 'three', 'four');
  });

  it("does not take yesterday's file for the copy", async () => {
    writeFileSync(`${path}.1.gz`, gzipSync('yesterday\nlonger than one\n'));
    writeFileSync(path, 'one\n');
    await log.start();

    truncateSync(path);
    appendFileSync(path, '2\n');

    await log.reads('yesterday', 'longer than one', 'one', '2');
  });

  it('reads bytes that are no text, and counts and skips what is longer than 4 MiB', async () => {
    const longest = 'x'.repeat(4 * 1024 * 1024);
    writeFileSync(
      path,
      Buffer.concat([Buffer.from([0xff, 0, 0x0a]), Buffer.from(`${longest}\n${longest}y\nend\n`)]),
    );

    await log.start();

    expect(log.lines.map((line) => line.length)).toEqual([2, longest.length, 3]);
    expect(log.lines[0]).toBe('\xff\0');
    expect(log.tooLong()).toBe(1);
  });

  it('complains once about a path that is no file, and follows it once it is one', async () => {
    mkdirSync(path);
    await log.start();
    await delay(20);

    rmSync(path, { recursive: true });
    writeFileSync(path, 'one\n');

    await log.reads('one');
    expect(log.told().match(/it is not a regular file/g)).toHaveLength(1);
  });

  it('closes its files when stopped', async () => {
    writeFileSync(path, 'one\n');
    await log.start();
    expect(log.openFiles()).toBe(1);

    await log.stop();

    expect(log.openFiles()).toBe(0);
  });

  it('loses no line of 1,000 a second while the log is rotated three times', async () => {
    await log.start();

    const total = 3000;
    const began = performance.now();
    let rotations = 0;
    let written = 0;
    while (written < total) {
      for (const due = Math.min(total, performance.now() - began); written < due; written += 1) {
        appendFileSync(path, `${written} ${'x'.repeat(500)}\n`);
        if (written % 1000 === 500) renameSync(path, `${path}.${(rotations += 1)}`);
      }
      await delay(2);
    }

    await waitFor('the last line', () => log.lines.length >= total);
    expect(rotations).toBe(3);
    expect(log.lines.map((line) => Number.parseInt(line, 10))).toEqual(
      Array.from({ length: total }, (_, n) => n),
    );
  });
});

describe('a rotated file', () => {
  it('is let go once it has been quiet, so that its space is free when it is deleted', async () => {
    const log = createFollowedLog({ linger: 20 });
    try {
      writeFileSync(log.path, '1\n');
      await log.start();

      renameSync(log.path, `${log.path}.1`);
      unlinkSync(`${log.path}.1`);
      writeFileSync(log.path, '2\n');

      await log.reads('1', '2');
      await waitFor('the old file to be closed', () => log.openFiles() === 1);
    } finally {
      await log.dispose();
    }
  });
});
