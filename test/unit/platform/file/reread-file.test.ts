import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRereadFile } from '../../../../src/platform/file/reread-file.ts';
import { createTempFolder, type TempFolder } from '../../../support/temp-folder.ts';

let folder: TempFolder;
let path: string;
let time: number;
let troubles: string[];
let content: () => Promise<string>;

beforeEach(() => {
  folder = createTempFolder();
  path = join(folder.path, 'password');
  time = 0;
  troubles = [];
  content = createRereadFile({ path, onTrouble: (error) => troubles.push(error.message), now: () => time });
});

afterEach(() => {
  folder.remove();
});

describe('createRereadFile', () => {
  it.each([
    ['a line break', 'hunter2\n', 'hunter2'],
    ['a Windows line break', 'hunter2\r\n', 'hunter2'],
    ['nothing', 'hunter2', 'hunter2'],
    ['blank lines', 'hunter2\n\n\r\n', 'hunter2'],
    ['a space and a tab', 'hunter2 \t\n', 'hunter2'],
    ['a no-break space and a line separator', 'hunter2\u00a0\u2028', 'hunter2'],
    ['what only JavaScript holds for white space', 'hunter2\ufeff', 'hunter2\ufeff'],
  ])('reads a file that ends with %s', async (_, written, read) => {
    writeFileSync(path, written);

    expect(await content()).toBe(read);
  });

  it('reads what comes before the text no more than what comes after it', async () => {
    writeFileSync(path, '\n  hunter2 hunter3\n');

    expect(await content()).toBe('hunter2 hunter3');
  });

  it('sees that the file was replaced, a second later', async () => {
    writeFileSync(path, 'old');
    await content();
    writeFileSync(`${path}.new`, 'new');
    renameSync(`${path}.new`, path);

    time = 999;
    expect(await content()).toBe('old');
    time = 1_000;
    expect(await content()).toBe('new');
  });

  it('keeps the last content while the file is gone, says so once, and recovers', async () => {
    writeFileSync(path, 'old');
    await content();
    rmSync(path);

    time = 1_000;
    expect(await content()).toBe('old');
    time = 2_000;
    expect(await content()).toBe('old');
    expect(troubles).toEqual([`cannot read "${path}", its last content stays in use`]);

    writeFileSync(path, 'new');
    time = 3_000;
    expect(await content()).toBe('new');
  });

  it('rejects as long as the file could never be read', async () => {
    await expect(content()).rejects.toThrow(`cannot read "${path}"`);

    writeFileSync(path, 'there');
    expect(await content()).toBe('there');
  });
});
