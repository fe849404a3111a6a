import { withoutExpired, type Delivery } from './delivery.ts';
import { worstOf, type Outcome } from './outcome.ts';

/** What a queue tells the metrics; counts are of alerts. */
export interface QueueObserver {
  dropped(alerts: number): void;
  queued(alerts: number): void;
}

/** What may wait; beyond it the oldest are dropped. */
export interface Capacity {
  readonly alerts: number;
  /** Of the bodies, as they came and as they leave. */
  readonly bytes: number;
}

/** A delivery in the queue. */
export interface Waiting {
  delivery: Delivery;
  /** Whether its alerts may have expired: not before an attempt, or that of one before it, has failed. */
  mayExpire: boolean;
  /** While it is, it stays. */
  isUnderWay: boolean;
  /** Tells the one who waits for the answer, at the first attempt; later calls change nothing. */
  readonly tell: (outcome: Outcome) => void;
}

export interface SendQueueOptions {
  readonly capacity: Capacity;
  readonly observer: QueueObserver;
}

/** What waits for one Alertmanager, the oldest first. */
export class SendQueue {
  readonly #options: SendQueueOptions;
  readonly #line: Waiting[] = [];
  #alerts = 0;
  #bytes = 0;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  get alerts(): number {
    return this.#alerts;
  }

  /** Resolves with what is told. */
  push(delivery: Delivery): Promise<Outcome> {
    const { promise, tell } = answer();
    this.#line.push({ delivery, tell, mayExpire: false, isUnderWay: false });
    this.#count(delivery, 1);
    this.#dropOldest();
    return promise;
  }

  /** The one to send now. */
  next(): Waiting | undefined {
    return this.#line[0];
  }

  /** They would fail just so; who waits for their answer need not wait for the retry. */
  tellAll(outcome: Outcome): void {
    for (const waiting of this.#line) {
      waiting.mayExpire = true;
      waiting.tell(outcome);
    }
  }

  remove(waiting: Waiting): void {
    const index = this.#line.indexOf(waiting);
    if (index < 0) return;
    this.#line.splice(index, 1);
    this.#count(waiting.delivery, -1);
  }

  /** Puts parts in its place; who waits is told when all of them are told. */
  replace(waiting: Waiting, parts: readonly Delivery[]): void {
    const told: Promise<Outcome>[] = [];
    const line = parts.map((delivery): Waiting => {
      const { promise, tell } = answer();
      told.push(promise);
      return { ...waiting, delivery, tell };
    });
    this.#line.splice(this.#line.indexOf(waiting), 1, ...line);
    this.#count(waiting.delivery, -1);
    for (const { delivery } of line) this.#count(delivery, 1);
    void Promise.all(told).then((outcomes) => {
      waiting.tell(worstOf(outcomes));
    });
  }

  /** Gives it up, with a word to the one who waits. */
  drop(waiting: Waiting, sentence: string): void {
    this.remove(waiting);
    this.#options.observer.dropped(waiting.delivery.alerts.length);
    waiting.tell({ kind: 'failed', sentence });
  }

  dropAll(sentence: string): void {
    for (const waiting of [...this.#line]) this.drop(waiting, sentence);
  }

  /** Drops what has expired of it; whether something is left to send. */
  dropExpired(waiting: Waiting, now: number): boolean {
    if (!waiting.mayExpire) return true;
    const { delivery } = waiting;
    const alive = withoutExpired(delivery, now);
    if (alive === delivery) return true;
    if (alive === undefined) {
      this.drop(waiting, 'the alerts expired before they could be sent');
      return false;
    }
    this.#options.observer.dropped(delivery.alerts.length - alive.alerts.length);
    this.#count(delivery, -1);
    waiting.delivery = alive;
    this.#count(alive, 1);
    return true;
  }

  // The newest stays, however large it is.
  #dropOldest(): void {
    const { capacity } = this.#options;
    while (this.#alerts > capacity.alerts || this.#bytes > capacity.bytes) {
      const newest = this.#line.at(-1);
      const oldest = this.#line.find((waiting) => !waiting.isUnderWay && waiting !== newest);
      if (oldest === undefined) return;
      this.drop(oldest, 'the queue for this Alertmanager is full');
    }
  }

  #count(delivery: Delivery, times: 1 | -1): void {
    this.#alerts += times * delivery.alerts.length;
    this.#bytes += times * (delivery.body.length + delivery.received.length);
    this.#options.observer.queued(this.#alerts);
  }
}

function answer(): { promise: Promise<Outcome>; tell: (outcome: Outcome) => void } {
  let tell: (outcome: Outcome) => void = () => undefined;
  const promise = new Promise<Outcome>((resolve) => {
    tell = resolve;
  });
  return { promise, tell };
}
