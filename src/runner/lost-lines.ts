import type { Logger } from '../platform/log/log.ts';
import { Outage } from '../platform/log/outage.ts';
import type { RunnerCounters } from './counters.ts';

interface LostLinesOptions {
  /** The path of the log, for messages. */
  readonly logFile: string;
  readonly counters: RunnerCounters;
  readonly logger: Logger;
}

/** Counts the lines that the log does not take, and logs the beginning and the end of such a time. */
export class LostLines {
  readonly #counters: RunnerCounters;
  readonly #outage: Outage<string>;

  constructor({ logFile, counters, logger }: LostLinesOptions) {
    this.#counters = counters;
    this.#outage = new Outage<string>({
      onBegin: (err) => {
        logger.error({ log: logFile, err }, SENTENCE);
      },
      onEnd: (lost) => {
        logger.info({ log: logFile, lost }, 'the log takes lines again');
      },
    });
  }

  /** @param reason why a line is lost, or undefined if it is written */
  note(reason: string | undefined): void {
    if (reason === undefined) {
      this.#outage.succeeded();
      return;
    }
    this.#counters.linesLost += 1;
    this.#outage.failed(reason);
  }
}

const SENTENCE =
  'cannot write to the log, results are lost: make room for it, or name another one with --log.file';
