import { Writable } from 'node:stream';
import { createLogger, type LogFormat, type Logger, type LogLevel } from '../../src/platform/log/log.ts';

/** A log, and what was written to it so far. */
export interface RecordedLog {
  readonly log: Logger;
  /** All of it. */
  readonly text: () => string;
  /** Of its logfmt lines with this message, what follows the message. */
  readonly lines: (message: string) => string[];
}

interface RecordedLogOptions {
  readonly level?: LogLevel;
  readonly format?: LogFormat;
}

export function createRecordedLog({
  level = 'info',
  format = 'logfmt',
}: RecordedLogOptions = {}): RecordedLog {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      written += chunk.toString();
      done();
    },
  });
  return {
    log: createLogger({ level, format, stream }),
    text: () => written,
    lines: (message) => {
      const start = `msg=${JSON.stringify(message)}`;
      return written.split('\n').flatMap((line) => {
        const [, fields] = line.split(start);
        return fields === undefined ? [] : [fields.trim()];
      });
    },
  };
}
