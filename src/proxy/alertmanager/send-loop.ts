import { atMost } from '../../platform/at-most.ts';
import type { HttpClient } from '../../platform/http/http-client.ts';
import type { Logger } from '../../platform/log.ts';
import { withoutExpired, type Delivery } from './delivery.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { SendHistory } from './send-history.ts';

/** What a send loop tells the metrics; counts are of alerts. */
export interface SendObserver {
  sent(alerts: number, seconds: number): void;
  failed(alerts: number): void;
  dropped(alerts: number): void;
  queued(alerts: number): void;
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
  /** Alerts that may wait; beyond it the oldest are dropped. */
  readonly capacity: number;
  readonly observer: SendObserver;
  readonly log: Logger;
  readonly now: () => number;
}

interface Waiting {
  delivery: Delivery;
  /** Whether its alerts may have expired: not before an attempt, or that of one before it, has failed. */
  mayExpire: boolean;
  /** Tells the one who waits for the answer, at the first attempt; later calls change nothing. */
  readonly tell: (outcome: Outcome) => void;
}

const FIRST_BACKOFF = 100;
const MAX_BACKOFF = 5_000;

/**
 * Sends to one Alertmanager, one POST at a time, in the order of the queue: so no older state of an alert can
 * overtake a newer one. What fails stays first in line and is sent again while its alerts are valid.
 */
export class SendLoop {
  /** For people who look. */
  readonly history = new SendHistory();
  readonly #options: SendLoopOptions;
  readonly #queue: Waiting[] = [];
  readonly #stopped = new AbortController();
  #connection: Connection;
  #queuedAlerts = 0;
  #failuresInARow = 0;
  #isRunning = false;
  #run: Promise<void> = Promise.resolve();
  #attempt: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: SendLoopOptions) {
    this.#options = options;
    this.#connection = options.connection;
  }

  get url(): string {
    return this.#options.url;
  }

  get queuedAlerts(): number {
    return this.#queuedAlerts;
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
  enqueue(delivery: Delivery): Promise<Outcome> {
    return new Promise((tell) => {
      if (this.#isStopped()) {
        tell({ kind: 'failed', sentence: 'this Alertmanager is no longer in the configuration' });
        return;
      }
      this.#queue.push({ delivery, tell, mayExpire: false });
      this.#count(delivery.alerts.length);
      this.#dropOldest();
      this.#wake();
      if (!this.#isRunning) this.#run = this.#sendQueue();
    });
  }

  /** Resolves when all is sent, but after so many milliseconds at the latest. */
  async drain(grace: number): Promise<void> {
    await atMost(grace, this.#run);
  }

  /** Gives up what is queued or under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake();
    await this.#run;
    for (const waiting of [...this.#queue]) {
      this.#remove(waiting);
      this.#drop(waiting, 'the Alertmanager did not take them before the proxy stopped sending there');
    }
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #sendQueue(): Promise<void> {
    this.#isRunning = true;
    for (let head = this.#queue[0]; head !== undefined && !this.#isStopped(); head = this.#queue[0]) {
      const failuresBefore = this.#failuresInARow;
      this.#attempt = this.#send(head);
      await this.#attempt;
      if (this.#failuresInARow > failuresBefore && !this.#isStopped()) await this.#pause();
    }
    this.#isRunning = false;
  }

  async #send(head: Waiting): Promise<void> {
    const delivery = head.mayExpire ? this.#dropExpired(head) : head.delivery;
    if (delivery === undefined) return;
    const { url, observer, now } = this.#options;
    const { client, timeout } = this.#connection;
    const startedAt = now();
    const { signal } = this.#stopped;
    const { body, trace: span } = delivery;
    const outcome = outcomeOf(
      await client.request({ method: 'POST', url, headers: JSON_BODY, body, timeout, signal, span }),
    );
    const at = now();
    this.history.note(outcome, at, at - startedAt);
    if (outcome.kind === 'accepted') observer.sent(delivery.alerts.length, (at - startedAt) / 1000);
    else observer.failed(delivery.alerts.length);
    this.#note(outcome);
    if (outcome.kind === 'failed') {
      // Those behind it would fail just so; who waits for their answer need not wait for the retry.
      for (const waiting of this.#queue) {
        waiting.mayExpire = true;
        waiting.tell(outcome);
      }
      return;
    }
    head.tell(outcome);
    this.#remove(head);
  }

  #dropExpired(head: Waiting): Delivery | undefined {
    const before = head.delivery.alerts.length;
    const alive = withoutExpired(head.delivery, this.#options.now());
    const expired = before - (alive?.alerts.length ?? 0);
    if (expired === 0) return alive;
    this.#options.observer.dropped(expired);
    if (alive === undefined) {
      head.tell({ kind: 'failed', sentence: 'the alerts expired before they could be sent' });
      this.#remove(head);
      return undefined;
    }
    head.delivery = alive;
    this.#count(-expired);
    return alive;
  }

  // The first in line may be under way, so the one after it is the oldest that can go.
  #dropOldest(): void {
    while (this.#queuedAlerts > this.#options.capacity && this.#queue.length > 2) {
      const oldest = this.#queue[1];
      if (oldest === undefined) return;
      this.#remove(oldest);
      this.#drop(oldest, 'the queue for this Alertmanager is full');
    }
  }

  #drop({ delivery, tell }: Waiting, sentence: string): void {
    this.#options.observer.dropped(delivery.alerts.length);
    tell({ kind: 'failed', sentence });
  }

  #remove(waiting: Waiting): void {
    const index = this.#queue.indexOf(waiting);
    if (index < 0) return;
    this.#queue.splice(index, 1);
    this.#count(-waiting.delivery.alerts.length);
  }

  #count(change: number): void {
    this.#queuedAlerts += change;
    this.#options.observer.queued(this.#queuedAlerts);
  }

  // A new batch ends the pause early: it is as good a moment as any to try again.
  async #pause(): Promise<void> {
    const backoff = Math.min(MAX_BACKOFF, FIRST_BACKOFF * 2 ** (this.#failuresInARow - 1));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, backoff);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  // One line when it begins to fail, one when it works again; not one per attempt.
  #note(outcome: Outcome): void {
    const { log } = this.#options;
    if (outcome.kind !== 'failed') {
      if (this.#failuresInARow > 0)
        log.info({ attempts: this.#failuresInARow }, 'Alertmanager answers again');
      if (outcome.kind === 'rejected') {
        log.error({ status: outcome.status, err: excerpt(outcome.body) }, 'Alertmanager refused alerts');
      }
      this.#failuresInARow = 0;
      return;
    }
    if (this.#failuresInARow === 0)
      log.warn({ err: outcome.sentence }, 'Alertmanager does not take alerts; retrying');
    this.#failuresInARow += 1;
  }
}

const JSON_BODY = { 'content-type': 'application/json' };

function excerpt(body: Buffer): string {
  return body.toString('utf8', 0, 512);
}
