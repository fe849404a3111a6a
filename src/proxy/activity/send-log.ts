import type { Logger } from '../../platform/log/log.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';
import { quoteShortened } from '../../platform/text/quote-shortened.ts';
import type { DeliveryOutcome } from '../alertmanager/outcome.ts';
import type { DropReason, FinishedAttempt, SendObserver } from '../alertmanager/send-observer.ts';
import { DroppedAlertsLog } from './dropped-alerts-log.ts';
import { PROXY_LOG } from './log-messages.ts';

/** Failed POSTs in a row that are an outage; fewer are an accident. */
const FAILURES_OF_OUTAGE = 2;

/** Logs how sending to one Alertmanager goes: the begin and the end of an outage, and no line for each attempt. */
export class SendLog implements SendObserver {
  readonly #log: Logger;
  readonly #dropped: DroppedAlertsLog;
  readonly #accidents: ThrottledLogLine<Failures>;
  readonly #refusals: ThrottledLogLine<Refusal>;
  readonly #poison: ThrottledLogLine<PoisonAttempts>;
  #failuresInARow = 0;
  #lastError = '';
  #isSplitSaid = false;

  constructor(log: Logger) {
    this.#log = log;
    this.#dropped = new DroppedAlertsLog(log);
    this.#accidents = createAccidents(log);
    this.#refusals = createRefusals(log);
    this.#poison = createPoison(log);
  }

  attempted({ outcome, isPoison }: FinishedAttempt): void {
    if (outcome.kind === 'failed') {
      // Of poison there is a line of its own: the Alertmanager takes others.
      if (!isPoison) this.#failed(outcome.sentence);
      return;
    }
    this.#answered();
    if (outcome.kind === 'rejected') this.#refusals.note(refusalOf(outcome));
  }

  dropped(alerts: number, reason: DropReason): void {
    this.#dropped.note(alerts, reason);
  }

  poisoned(identity: string, error: string): void {
    this.#poison.note({ attempts: 1, alert: quoteShortened(identity), err: error });
  }

  splitting(): void {
    if (this.#isSplitSaid) return;
    this.#isSplitSaid = true;
    this.#log.warn(PROXY_LOG.alertmanagerTakesSmaller);
  }

  stopped(): void {
    for (const line of [this.#accidents, this.#refusals, this.#poison, this.#dropped]) line.flush();
  }

  #failed(error: string): void {
    this.#failuresInARow += 1;
    this.#lastError = error;
    if (this.#failuresInARow === FAILURES_OF_OUTAGE)
      this.#log.warn({ err: error }, PROXY_LOG.alertmanagerFails);
  }

  #answered(): void {
    const failures = this.#failuresInARow;
    this.#failuresInARow = 0;
    if (failures >= FAILURES_OF_OUTAGE) this.#log.info({ attempts: failures }, PROXY_LOG.alertmanagerAnswers);
    else if (failures > 0) this.#accidents.note({ failures, err: this.#lastError });
  }
}

/** POSTs that failed once and were answered at the next attempt. */
interface Failures {
  readonly failures: number;
  /** Of the latest. */
  readonly err: string;
}

function createAccidents(log: Logger): ThrottledLogLine<Failures> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({ ...later, failures: earlier.failures + later.failures }),
    say: (failures) => {
      log.warn(failures, PROXY_LOG.alertmanagerAnsweredLate);
    },
  });
}

/** Of POSTs. */
interface Refusal {
  readonly batches: number;
  /** Of the latest. */
  readonly status: number;
  readonly err: string;
}

function createRefusals(log: Logger): ThrottledLogLine<Refusal> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({ ...later, batches: earlier.batches + later.batches }),
    say: (refusal) => {
      log.error(refusal, PROXY_LOG.alertmanagerRefused);
    },
  });
}

function refusalOf({ status, body }: DeliveryOutcome & { kind: 'rejected' }): Refusal {
  return { batches: 1, status, err: body.toString('utf8', 0, 512) };
}

/** Attempts with one alert alone that the Alertmanager does not take, though it takes others. */
interface PoisonAttempts {
  readonly attempts: number;
  /** Of the latest. */
  readonly alert: string;
  readonly err: string;
}

function createPoison(log: Logger): ThrottledLogLine<PoisonAttempts> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({ ...later, attempts: earlier.attempts + later.attempts }),
    say: (attempts) => {
      log.warn(attempts, PROXY_LOG.alertmanagerFailsOnOne);
    },
  });
}
