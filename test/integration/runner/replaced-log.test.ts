import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describeError } from '../../../src/platform/log/log.ts';
import { openLog, type LineSink } from '../../../src/runner/log-file.ts';
import { startRunner } from '../../support/node-runner.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

let directory: TempFolder;
let folder: string;
let path: string;
let log: LineSink;
let stuck: string[];
let written: number;

beforeEach(() => {
  directory = createTempFolder();
  folder = join(directory.path, 'sensu');
  mkdirSync(folder);
  path = join(folder, 'sensu-client.log');
  stuck = [];
  written = 0;
  log = openLog({
    path,
    stdout: new PassThrough(),
    onLine: () => undefined,
    onStuck: (error) => stuck.push(describeError(error)),
  });
});

afterEach(() => {
  log.close();
  directory.remove();
});

function write(): void {
  log.write(Buffer.from(`line ${(written += 1)}\n`));
}

function everyLine(): string {
  return Array.from({ length: written }, (_, index) => `line ${index + 1}\n`).join('');
}

/** Writes until the file at the path has a line; one a second would do. */
async function writeUntilThere(): Promise<void> {
  await waitFor('a line in the new file', () => {
    write();
    return existsSync(path) && readFileSync(path, 'utf8') !== '';
  });
}

describe('a log that is moved without a signal', () => {
  it('goes on with a new file, and no line is lost or out of order', async () => {
    write();
    renameSync(path, `${path}.1`);
    await writeUntilThere();
    write();

    expect(readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8')).toBe(everyLine());
    expect(stuck).toEqual([]);
  });

  it('goes on with the file that was made in its place', async () => {
    write();
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    await writeUntilThere();

    expect(readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8')).toBe(everyLine());
  });

  it('stays in its file when it is truncated', async () => {
    write();
    writeFileSync(path, '');
    await writeUntilThere();

    expect(readFileSync(path, 'utf8')).toBe('line 2\n');
  });

  it('goes on with the old file where no new one can be opened, says so once, and tries again', async () => {
    write();
    const moved = join(directory.path, 'moved');
    renameSync(folder, moved);
    await waitFor('the failure', () => {
      write();
      return stuck.length > 0;
    });
    // Longer than it takes to try again.
    await waitFor('another second', pastIn(1_500));
    write();
    mkdirSync(folder);
    await writeUntilThere();

    expect(stuck).toEqual([`the folder ${folder} does not exist: create it or set --log.file`]);
    expect(readFileSync(join(moved, 'sensu-client.log'), 'utf8') + readFileSync(path, 'utf8')).toBe(
      everyLine(),
    );
  });

  it('says so again when the file was back meanwhile', async () => {
    const moved = join(directory.path, 'moved');
    for (const times of [1, 2]) {
      renameSync(folder, moved);
      await waitFor(`failure ${times}`, () => {
        write();
        return stuck.length === times;
      });
      renameSync(moved, folder);
      await waitFor('another second', pastIn(1_500));
    }

    expect(readFileSync(path, 'utf8')).toBe(everyLine());
  });
});

function pastIn(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => {
    write();
    return performance.now() > end;
  };
}

describe('a runner whose log is moved and compressed without a signal', () => {
  it('writes later results where the path points', async () => {
    const node = await startRunner({ checks: { a_check: { command: 'echo here' } } });
    await node.result('a_check');
    renameSync(node.logFile, `${node.logFile}.1`);
    writeFileSync(`${node.logFile}.1.gz`, gzipSync(readFileSync(`${node.logFile}.1`)));
    unlinkSync(`${node.logFile}.1`);

    const later = await waitFor('a result in a new file', async () =>
      existsSync(node.logFile) ? (await node.lines())[0]?.payload : undefined,
    );
    const before = gunzipSync(readFileSync(`${node.logFile}.1.gz`)).toString();
    await node.stop();

    expect(later.check.output).toBe('here\n');
    expect(before).toContain('"output":"here\\n"');
  });
});
