import { Writable } from 'node:stream';
import { createLogger, type Logger } from '../../src/platform/log.ts';

/** A log, and its lines so far from the message on. */
export interface RecordedLog {
  readonly log: Logger;
  /** Those with this message, without it. */
  lines(message: string): string[];
}

export function createRecordedLog(): RecordedLog {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      written += chunk.toString();
      done();
    },
  });
  return {
    log: createLogger({ level: 'info', format: 'logfmt', stream }),
    lines: (message) => {
      const start = `msg=${JSON.stringify(message)}`;
      return written.split('\n').flatMap((line) => {
        const [, fields] = line.split(start);
        return fields === undefined ? [] : [fields.trim()];
      });
    },
  };
}
