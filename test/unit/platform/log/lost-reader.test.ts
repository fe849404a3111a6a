import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../../src/platform/log/log.ts';

describe('a reader of the log that stands still', () => {
  it('costs some MB, and learns afterwards how many lines it has missed', () => {
    let text = '';
    let read: (() => void) | undefined;
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk, _, done) => {
        text += String(chunk);
        if (read === undefined) read = done;
        else setImmediate(done);
      },
    });
    const log = createLogger({ level: 'info', format: 'logfmt', stream });

    for (let count = 0; count < 10_000; count++) log.info('x'.repeat(1000));
    const pending = stream.writableLength;
    expect(pending).toBeGreaterThan(1024 * 1024);
    expect(pending).toBeLessThan(5 * 1024 * 1024);

    return new Promise<void>((resolve) => {
      stream.once('drain', () => {
        log.info('one more');
        stream.end(() => {
          const missed = Number(/lines=(\d+)/.exec(text)?.[1]);
          expect(missed + (text.match(/x{1000}/g)?.length ?? 0)).toBe(10_000);
          expect(text).toMatch(/dropped lines of the log.*\n.*one more/);
          resolve();
        });
      });
      read?.();
    });
  });
});
