import { quoteShortened } from '../../platform/text/quote-shortened.ts';
import { waitAtMost } from '../../platform/time/wait-at-most.ts';
import type { HttpClient, HttpResult } from '../../platform/http/http-client.ts';
import type { Logger } from '../../platform/log/log.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';
import { smallerParts, type Delivery } from './delivery.ts';
import { DroppedAlertsLog, type DropReason } from './dropped-alerts-log.ts';
import { isTooLarge, mayLieInAlerts, outcomeOf, type DeliveryOutcome } from './outcome.ts';
import { SendHistory } from './send-history.ts';
import { SendQueue, type Capacity, type WaitingDelivery } from './send-queue.ts';

/** What a send loop tells the metrics; counts are of alerts. */
export interface SendObserver {
  sent(alerts: number, seconds: number): void;
  failed(alerts: number): void;
  dropped(alerts: number): void;
}

/** How to reach an Alertmanager; a reload may change it. */
export interface Connection {
  readonly client: HttpClient;
  /** Milliseconds for one POST. */
  readonly timeout: number;
}

export interface SendLoopOptions {
  /** Where to POST, such as `http://am-0:9093/api/v2/alerts`. */
  readonly url: string;
  readonly connection: Connection;
  readonly capacity: Capacity;
  readonly observer: SendObserver;
  readonly log: Logger;
  readonly now: () => number;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** For alerts that it does not take though it takes others: an attempt may hold up the others for its timeout. */
const MAX_BACKOFF_OF_BLAMED_MS = 30_000;
const NONE_BLAMED = { failures: 0, dueAt: 0 };

/**
 * Sends to one Alertmanager, one POST at a time, in the order of the queue: so no older state of an alert can
 * overtake a newer one. What fails is sent again while its alerts are valid.
 */
export class SendLoop {
  /** For people who look. */
  readonly history = new SendHistory();
  readonly #options: SendLoopOptions;
  readonly #queue: SendQueue;
  readonly #givenUp: DroppedAlertsLog;
  readonly #refusals: ThrottledLogLine<Refusal>;
  readonly #blamedAttempts: ThrottledLogLine<BlamedAttempts>;
  readonly #stopped = new AbortController();
  #connection: Connection;
  #failuresInARow = 0;
  #blamed = NONE_BLAMED;
  #isRunning = false;
  #isTooLargeSaid = false;
  #run: Promise<void> = Promise.resolve();
  #attempt: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: SendLoopOptions) {
    this.#options = options;
    this.#givenUp = new DroppedAlertsLog(options.log);
    this.#refusals = createRefusals(options.log);
    this.#blamedAttempts = createBlamedAttempts(options.log);
    this.#queue = new SendQueue({
      capacity: options.capacity,
      onDropped: (alerts, why) => {
        this.#giveUp(alerts, why);
      },
    });
    this.#connection = options.connection;
  }

  get url(): string {
    return this.#options.url;
  }

  get queuedAlerts(): number {
    return this.#queue.alerts;
  }

  /** The attempt under way, if there is one: done when it is over. */
  get attempt(): Promise<void> {
    return this.#attempt;
  }

  /** The next attempt goes this way. */
  connect(connection: Connection): void {
    this.#connection = connection;
  }

  /** Resolves with what the first attempt brought; a failed one goes on being retried behind. */
  enqueue(delivery: Delivery): Promise<DeliveryOutcome> {
    if (this.#isStopped()) return Promise.resolve(GONE);
    const told = this.#queue.push(delivery);
    this.#wake();
    if (!this.#isRunning) this.#run = this.#sendQueue();
    return told;
  }

  /** Resolves when all is sent, but after so many milliseconds at the latest. */
  async drain(grace: number): Promise<void> {
    await waitAtMost(grace, this.#run);
  }

  /** Gives up what is queued or under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake();
    await this.#run;
    this.#queue.stop();
    this.#refusals.flush();
    this.#blamedAttempts.flush();
    this.#givenUp.flush();
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #sendQueue(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#queue.next(); next !== undefined && !this.#isStopped(); next = this.#queue.next()) {
      const wait = this.#queue.isPoison(next) ? this.#blamed.dueAt - this.#options.now() : 0;
      if (wait > 0) {
        this.#queue.tellAll(BEHIND_BLAMED);
        await this.#pause(wait);
        continue;
      }
      const failuresBefore = this.#failuresInARow;
      this.#attempt = this.#send(next);
      await this.#attempt;
      if (this.#failuresInARow > failuresBefore && !this.#isStopped())
        await this.#pause(backoff(this.#failuresInARow, MAX_BACKOFF_MS));
    }
    this.#isRunning = false;
  }

  async #send(waiting: WaitingDelivery): Promise<void> {
    const { observer, now } = this.#options;
    if (!this.#queue.dropExpired(waiting, now())) return;
    const startedAt = now();
    this.#queue.begin(waiting);
    const result = await this.#post(waiting.delivery);
    const outcome = outcomeOf(result);
    this.#queue.end(waiting);
    const at = now();
    const alerts = waiting.delivery.alerts.length;
    this.history.note(outcome, at, at - startedAt);
    if (outcome.kind === 'accepted') observer.sent(alerts, (at - startedAt) / 1000);
    else observer.failed(alerts);
    const parts = isTooLarge(outcome) ? smallerParts(waiting.delivery) : [];
    if (parts.length > 0) {
      this.#sayTooLarge();
      this.#queue.replace(waiting, parts);
      return;
    }
    if (this.#queue.isPoison(waiting)) {
      this.#noteBlamed(waiting, outcome, at);
    } else {
      this.#note(outcome);
      if (outcome.kind === 'failed') this.#queue.tellAll(outcome);
    }
    if (outcome.kind === 'rejected') this.#giveUp(alerts, 'refused');
    if (outcome.kind !== 'failed') this.#queue.answered(waiting, outcome);
    else if (mayLieInAlerts(result)) this.#queue.countFailure(waiting, at);
  }

  #giveUp(alerts: number, why: DropReason): void {
    this.#options.observer.dropped(alerts);
    this.#givenUp.note(alerts, why);
  }

  #post({ body, trace: span }: Delivery): Promise<HttpResult> {
    const { client, timeout } = this.#connection;
    const { url } = this.#options;
    const { signal } = this.#stopped;
    return client.request({ method: 'POST', url, headers: JSON_BODY, body, timeout, signal, span });
  }

  // A new batch ends the pause early: it is as good a moment as any to try again.
  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  // Says nothing about the Alertmanager: that takes others.
  #noteBlamed({ delivery, identities }: WaitingDelivery, outcome: DeliveryOutcome, now: number): void {
    if (outcome.kind !== 'failed') {
      this.#blamed = NONE_BLAMED;
      this.#note(outcome);
      return;
    }
    const failures = this.#blamed.failures + 1;
    this.#blamed = { failures, dueAt: now + backoff(failures, MAX_BACKOFF_OF_BLAMED_MS) };
    if (delivery.alerts.length > 1) return;
    const alert = quoteShortened(identities?.[0] ?? '');
    this.#blamedAttempts.note({ attempts: 1, alert, err: outcome.sentence });
  }

  #sayTooLarge(): void {
    if (this.#isTooLargeSaid) return;
    this.#isTooLargeSaid = true;
    this.#options.log.warn('Alertmanager takes only smaller batches; sending them in parts');
  }

  // One line when it begins to fail, one when it works again; not one per attempt.
  #note(outcome: DeliveryOutcome): void {
    const { log } = this.#options;
    if (outcome.kind !== 'failed') {
      if (this.#failuresInARow > 0) {
        log.info({ attempts: this.#failuresInARow }, 'Alertmanager answers again');
        // Perhaps they failed for the same reason.
        this.#blamed = NONE_BLAMED;
      }
      if (outcome.kind === 'rejected') {
        this.#refusals.note({ batches: 1, status: outcome.status, err: excerpt(outcome.body) });
      }
      this.#failuresInARow = 0;
      return;
    }
    if (this.#failuresInARow === 0)
      log.warn({ err: outcome.sentence }, 'Alertmanager does not take alerts; retrying');
    this.#failuresInARow += 1;
  }
}

/** Of batches, or of parts of them. */
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
      log.error(refusal, 'Alertmanager refused alerts');
    },
  });
}

/** Attempts with an alert alone that the Alertmanager does not take, though it takes others. */
interface BlamedAttempts {
  readonly attempts: number;
  /** Of the latest. */
  readonly alert: string;
  readonly err: string;
}

function createBlamedAttempts(log: Logger): ThrottledLogLine<BlamedAttempts> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({ ...later, attempts: earlier.attempts + later.attempts }),
    say: (attempts) => {
      log.warn(attempts, 'Alertmanager takes other alerts, but not this one; retrying');
    },
  });
}

const GONE: DeliveryOutcome = {
  kind: 'failed',
  sentence: 'this Alertmanager is no longer in the configuration',
};
const BEHIND_BLAMED: DeliveryOutcome = {
  kind: 'failed',
  sentence: 'an older state of an alert waits, which the Alertmanager does not take',
};
const JSON_BODY = { 'content-type': 'application/json' };

function backoff(failures: number, most: number): number {
  return Math.min(most, FIRST_BACKOFF_MS * 2 ** (failures - 1));
}

function excerpt(body: Buffer): string {
  return body.toString('utf8', 0, 512);
}
