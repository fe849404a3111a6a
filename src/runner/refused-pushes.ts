import type { Logger } from '../platform/log/log.ts';
import { ThrottledLogLine } from '../platform/log/throttled-log-line.ts';
import type { RunnerCounters } from './counters.ts';

interface RefusedPushesOptions {
  readonly counters: RunnerCounters;
  readonly logger: Logger;
}

interface Refused {
  readonly reason: string;
  readonly pushes: number;
}

/** Counts the pushes that are refused, and says how many and why the last one was: anybody on the node may send thousands a second. */
export class RefusedPushes {
  readonly #counters: RunnerCounters;
  readonly #line: ThrottledLogLine<Refused>;

  constructor({ counters, logger }: RefusedPushesOptions) {
    this.#counters = counters;
    this.#line = new ThrottledLogLine({
      merge: (earlier, later) => ({ ...later, pushes: earlier.pushes + later.pushes }),
      say: (refused) => {
        logger.warn(refused, 'refused a pushed result');
      },
    });
  }

  note(reason: string): void {
    this.#counters.pushesRefused += 1;
    this.#line.note({ reason, pushes: 1 });
  }

  /** Says what was not said yet. */
  flush(): void {
    this.#line.flush();
  }
}
