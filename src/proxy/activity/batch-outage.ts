import type { Logger } from '../../platform/log/log.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';
import { PROXY_LOG } from './log-messages.ts';

/** Batches that no Alertmanager accepted. */
interface NotAccepted {
  readonly batches: number;
  readonly alerts: number;
  /** The latest reason. */
  readonly err: string;
}

/**
 * Says in the log when no Alertmanager accepts a batch: at once, then once a minute for all that came meanwhile; and
 * when one is accepted again.
 */
export class BatchOutage {
  readonly #log: Logger;
  readonly #line: ThrottledLogLine<NotAccepted>;
  #isSaid = false;
  #isOver = true;

  constructor(log: Logger) {
    this.#log = log;
    this.#line = new ThrottledLogLine({
      merge: (earlier, later) => ({
        batches: earlier.batches + later.batches,
        alerts: earlier.alerts + later.alerts,
        err: later.err,
      }),
      say: (notAccepted) => {
        log.error(notAccepted, PROXY_LOG.batchNotAccepted);
        this.#isSaid = true;
        if (this.#isOver) this.#sayEnd();
      },
    });
  }

  notAccepted(alerts: number, sentence: string): void {
    this.#isOver = false;
    this.#line.note({ batches: 1, alerts, err: sentence });
  }

  accepted(): void {
    this.#isOver = true;
    // What was not said yet comes first: where batches are accepted by turns, a line for each would be a flood.
    if (this.#isSaid && !this.#line.isPending) this.#sayEnd();
  }

  /** Says what was not said yet. */
  flush(): void {
    this.#line.flush();
  }

  #sayEnd(): void {
    this.#isSaid = false;
    this.#log.info(PROXY_LOG.batchesAccepted);
  }
}
