import type { Logger } from '../platform/log/log.ts';
import type { RunnerCounters } from './counters.ts';

interface LostLinesOptions {
  /** Where the log is, for people. */
  readonly logFile: string;
  readonly counters: RunnerCounters;
  readonly logger: Logger;
}

/** Counts the lines that the log does not take. One message when that begins, one when it is over; not one per line. */
export class LostLines {
  readonly #options: LostLinesOptions;
  #inARow = 0;

  constructor(options: LostLinesOptions) {
    this.#options = options;
  }

  /** To be told of each line: why it is lost, or undefined if it is written. */
  note(reason: string | undefined): void {
    const { logFile, counters, logger } = this.#options;
    if (reason !== undefined) {
      if (this.#inARow === 0) logger.error({ log: logFile, err: reason }, SENTENCE);
      this.#inARow += 1;
      counters.linesLost += 1;
    } else if (this.#inARow > 0) {
      logger.info({ log: logFile, lost: this.#inARow }, 'the log takes lines again');
      this.#inARow = 0;
    }
  }
}

const SENTENCE =
  'cannot write to the log, results are lost: make room for it, or name another one with --log.file';
