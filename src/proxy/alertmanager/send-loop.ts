import type { HttpClient, HttpResult } from '../../platform/http/http-client.ts';
import { waitAtMost } from '../../platform/time/wait-at-most.ts';
import type { Attempt } from './attempt.ts';
import type { Delivery } from './delivery.ts';
import { mayLieInAlerts, outcomeOf, type DeliveryOutcome } from './outcome.ts';
import type { SendObserver } from './send-observer.ts';
import { SendQueue } from './send-queue.ts';

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
  /** Bytes of alerts that may wait though no sender waits for them. */
  readonly capacity: number;
  readonly observer: SendObserver;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** A delivery that somebody waits for. */
export interface PendingDelivery {
  /** Resolves with what became of all its alerts, or with a failure as soon as that is no accident. */
  readonly outcome: Promise<DeliveryOutcome>;
  /** The sender has its answer, or has gone; sending goes on behind. */
  leave(): void;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** Nobody may ask for a longer rest. */
const MAX_RETRY_AFTER_MS = 30_000;

/**
 * Sends to one Alertmanager, one POST at a time: so no older state of an alert can overtake a newer one. What fails is
 * sent again while its alerts are valid, unless a newer state has come.
 */
export class SendLoop {
  readonly #options: SendLoopOptions;
  readonly #queue: SendQueue;
  readonly #stopped = new AbortController();
  #connection: Connection;
  #lastFailure: string | undefined;
  #isRunning = false;
  #run: Promise<void> = Promise.resolve();
  #attempt: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: SendLoopOptions) {
    this.#options = options;
    this.#queue = new SendQueue(options);
    this.#connection = options.connection;
  }

  get url(): string {
    return this.#options.url;
  }

  get queuedAlerts(): number {
    return this.#queue.alerts;
  }

  /** Why the latest attempt failed; undefined if it did not. */
  get lastFailure(): string | undefined {
    return this.#lastFailure;
  }

  /** The attempt under way, if there is one: resolves when it is over. */
  get attempt(): Promise<void> {
    return this.#attempt;
  }

  /** The next attempt goes this way. */
  connect(connection: Connection): void {
    this.#connection = connection;
  }

  /** Puts a delivery into the queue, and begins to send. */
  enqueue(delivery: Delivery): PendingDelivery {
    if (this.#isStopped()) return GONE;
    const ticket = this.#queue.push(delivery);
    this.#wake();
    if (!this.#isRunning) this.#run = this.#sendQueue();
    return {
      outcome: ticket.outcome,
      leave: () => {
        this.#queue.leave(ticket);
      },
    };
  }

  /** Resolves when all is sent, or after `grace` milliseconds. */
  async drain(grace: number): Promise<void> {
    await waitAtMost(grace, this.#run);
  }

  /** Drops what is queued or under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake();
    await this.#run;
    this.#queue.stop();
    this.#options.observer.stopped();
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #sendQueue(): Promise<void> {
    this.#isRunning = true;
    while (!this.#isStopped()) {
      const step = this.#queue.next(this.#options.monotonic());
      if (step.kind === 'nothing') break;
      if (step.kind === 'wait') await this.#pause(step.milliseconds, 0);
      else await this.#sendAndRest(step.attempt);
    }
    this.#isRunning = false;
  }

  async #sendAndRest(attempt: Attempt): Promise<void> {
    const failuresBefore = this.#queue.failuresInARow;
    const sent = this.#send(attempt);
    this.#attempt = sent.then(() => undefined);
    const outcome = await sent;
    const failures = this.#queue.failuresInARow;
    if (failures <= failuresBefore || this.#isStopped()) return;
    const rest = Math.max(backoff(failures), Math.min(MAX_RETRY_AFTER_MS, retryAfterOf(outcome)));
    // A new batch is a good moment to try again, but many of them are not.
    await this.#pause(rest, rest / 2);
  }

  async #send(attempt: Attempt): Promise<DeliveryOutcome> {
    const { observer, now, monotonic } = this.#options;
    const startedAt = monotonic();
    const result = await this.#post(attempt);
    const outcome = outcomeOf(result, now());
    const at = monotonic();
    const { alerts, isPoison } = attempt;
    this.#lastFailure = outcome.kind === 'failed' ? outcome.sentence : undefined;
    observer.attempted({ outcome, alerts, milliseconds: at - startedAt, isPoison });
    this.#queue.settle({ outcome, mayLieInAlerts: mayLieInAlerts(result), now: at });
    return outcome;
  }

  #post({ body, trace: span }: Attempt): Promise<HttpResult> {
    const { client, timeout } = this.#connection;
    const { url } = this.#options;
    const { signal } = this.#stopped;
    return client.request({ method: 'POST', url, headers: JSON_BODY, body, timeout, signal, span });
  }

  /** A new batch ends the pause, but not before `least` milliseconds. */
  async #pause(milliseconds: number, least: number): Promise<void> {
    const { monotonic } = this.#options;
    const startedAt = monotonic();
    await new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        const rest = this.#isStopped() ? 0 : startedAt + least - monotonic();
        if (rest <= 0) resolve();
        else timer = setTimeout(resolve, rest);
      };
    });
    this.#wake = () => undefined;
  }
}

const GONE: PendingDelivery = {
  outcome: Promise.resolve({
    kind: 'failed',
    sentence: 'this Alertmanager is no longer in the configuration',
  }),
  leave: () => undefined,
};
const JSON_BODY = { 'content-type': 'application/json' };

function backoff(failures: number): number {
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
}

function retryAfterOf(outcome: DeliveryOutcome): number {
  return outcome.kind === 'failed' ? (outcome.retryAfter ?? 0) : 0;
}
