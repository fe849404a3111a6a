import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFollowedLog, type FollowedLog } from '../../support/followed-log.ts';

const OLD = 'old-1\nold-2\n';

describe('LogFollower at its start', () => {
  let log: FollowedLog;
  let path: string;

  beforeEach(() => {
    log = createFollowedLog();
    path = log.path;
  });
  afterEach(() => log.dispose());

  it.each([
    ['.1', OLD],
    ['.1.gz', gzipSync(OLD)],
    ['-20261122', OLD],
    ['-20261122.gz', gzipSync(OLD)],
    ['-2026112213', OLD],
    ['-20261122-1795296678.gz', gzipSync(OLD)],
  ])('has read the rotated file %s and then the log', async (suffix, content) => {
    writeFileSync(path + suffix, content);
    writeFileSync(path, 'new\n');

    await log.start();

    expect(log.lines).toEqual(['old-1', 'old-2', 'new']);
  });

  it('reads only the newest of several rotated files, and no file that only looks like one', async () => {
    const files = {
      '-20261120': 'older\n',
      '-20261121': 'newest\n',
      '.2': 'x\n',
      '.1.bak': 'x\n',
      '-x': 'x\n',
    };
    for (const [suffix, content] of Object.entries(files)) {
      writeFileSync(path + suffix, content);
      const modified = new Date(suffix === '-20261120' ? '2026-11-20' : '2026-11-21');
      utimesSync(path + suffix, modified, modified);
    }

    await log.start();

    expect(log.lines).toEqual(['newest']);
  });

  it('reads the plain file while gzip is at work on it', async () => {
    writeFileSync(`${path}.1`, OLD);
    writeFileSync(`${path}.1.gz`, gzipSync(OLD).subarray(0, 12));

    await log.start();

    expect(log.lines).toEqual(['old-1', 'old-2']);
  });

  it('follows the rotated file while the log itself is missing', async () => {
    writeFileSync(`${path}.1`, '1\n');
    await log.start();

    appendFileSync(`${path}.1`, '2\n');
    await log.reads('1', '2');
    writeFileSync(path, '3\n');

    await log.reads('1', '2', '3');
  });

  it('goes on after a compressed file that is broken', async () => {
    writeFileSync(`${path}.1.gz`, 'this is no gzip');
    writeFileSync(path, 'new\n');

    await log.start();

    expect(log.lines).toEqual(['new']);
    expect(log.told()).toContain('cannot read the rotated log to its end');
  });

  it.each([
    ['the log', (text: Buffer) => ({ suffix: '', content: text })],
    ['the rotated file', (text: Buffer) => ({ suffix: '.1', content: text })],
    ['the compressed file', (text: Buffer) => ({ suffix: '.1.gz', content: gzipSync(text, { level: 1 }) })],
  ])('reads only the end of a huge one: %s', async (_, toFile) => {
    const line = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    const text = Buffer.concat([
      Buffer.from('first\n'),
      Buffer.alloc(130 * line.length, line),
      Buffer.from('last\n'),
    ]);
    const { suffix, content } = toFile(text);
    writeFileSync(path + suffix, content);

    await log.start();

    expect(log.lines.at(-1)).toBe('last');
    expect(log.lines).toHaveLength(128);
    expect(new Set(log.lines.slice(0, -1).map((text) => text.length))).toEqual(new Set([line.length - 1]));
  });
});
