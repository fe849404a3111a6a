import { Writable } from 'node:stream';
import { createLogger, type Logger } from '../../src/platform/log/log.ts';

/** A log that nobody reads. */
export function createSilentLog(): Logger {
  const stream = new Writable({
    write: (_, __, done) => {
      done();
    },
  });
  return createLogger({ level: 'error', format: 'logfmt', stream });
}
