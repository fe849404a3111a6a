import { halvesOf, identitiesOf, partOf, withoutExpired, type Delivery } from './delivery.ts';
import type { DropReason } from './dropped-alerts-log.ts';
import { worstOf, type DeliveryOutcome } from './outcome.ts';

/** What may wait; beyond it the oldest are dropped. */
export interface Capacity {
  readonly alerts: number;
  /** Of the bodies, as they came and as they leave. */
  readonly bytes: number;
}

/** A delivery in the queue, which only the queue changes. */
export type WaitingDelivery = Readonly<Entry>;

interface Entry {
  delivery: Delivery;
  /** Whether its alerts may have expired: not before an attempt, or that of one before it, has failed. */
  mayExpire: boolean;
  /** While it is, it stays. */
  isUnderWay: boolean;
  /** Attempts that may have failed because of it. */
  failures: number;
  /** When the last of those was over, in milliseconds since 1970. */
  failedAt: number;
  /** How many deliveries the Alertmanager had answered when it failed first. */
  answeredBefore: number;
  /** Of its alerts, in order, once somebody has asked. */
  identities: readonly string[] | undefined;
  /** Tells the one who waits for the answer, at the first attempt; later calls change nothing. */
  readonly tell: (outcome: DeliveryOutcome) => void;
}

export interface SendQueueOptions {
  readonly capacity: Capacity;
  readonly onDropped: (alerts: number, why: DropReason) => void;
}

/** So often one that may be to blame itself fails before others go first. */
const FAILURES_THAT_YIELD = 3;

/**
 * What waits for one Alertmanager, the oldest first. Where the oldest fails again and again, and not for want of a
 * connection, others go first, but no state of an alert goes before an older one of the same.
 */
export class SendQueue {
  readonly #options: SendQueueOptions;
  readonly #line: Entry[] = [];
  #alerts = 0;
  #bytes = 0;
  #answered = 0;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  get alerts(): number {
    return this.#alerts;
  }

  /** Resolves with what is told. */
  push(delivery: Delivery): Promise<DeliveryOutcome> {
    const { promise, tell } = answer();
    this.#line.push({ ...UNTRIED, delivery, tell });
    this.#count(delivery, 1);
    this.#dropOldest();
    return promise;
  }

  /** The one to send now. */
  next(): WaitingDelivery | undefined {
    const [oldest] = this.#line;
    return oldest === undefined || oldest.failures < FAILURES_THAT_YIELD ? oldest : this.#nextThatMay();
  }

  /** Whether the Alertmanager has answered others since it began to fail: then it is to blame itself. */
  isPoison({ failures, answeredBefore }: WaitingDelivery): boolean {
    return failures >= FAILURES_THAT_YIELD && this.#answered > answeredBefore;
  }

  /** An attempt begins: until it is over, its alerts are not dropped for want of room. */
  begin(waiting: Entry): void {
    waiting.isUnderWay = true;
  }

  /** The attempt is over. */
  end(waiting: Entry): void {
    waiting.isUnderWay = false;
  }

  /** An attempt has failed, perhaps because of what is in it: then its halves may do better. */
  countFailure(waiting: Entry, now: number): void {
    if (waiting.failures === 0) waiting.answeredBefore = this.#answered;
    waiting.failures += 1;
    waiting.failedAt = now;
    if (waiting.failures < FAILURES_THAT_YIELD || waiting.delivery.alerts.length < 2 || this.#line.length < 2)
      return;
    waiting.failures = FAILURES_THAT_YIELD;
    this.replace(waiting, halvesOf(waiting.delivery));
  }

  /** The Alertmanager has answered: it is done with. */
  answered(waiting: Entry, outcome: DeliveryOutcome): void {
    this.#answered += 1;
    waiting.tell(outcome);
    this.#remove(waiting);
  }

  /** They would fail just so; who waits for their answer need not wait for the retry. */
  tellAll(outcome: DeliveryOutcome): void {
    for (const waiting of this.#line) {
      waiting.mayExpire = true;
      waiting.tell(outcome);
    }
  }

  /** Puts parts in its place; who waits is told when all of them are told. */
  replace(waiting: Entry, parts: readonly Delivery[]): readonly WaitingDelivery[] {
    const told: Promise<DeliveryOutcome>[] = [];
    const line = parts.map((delivery): Entry => {
      const { promise, tell } = answer();
      told.push(promise);
      return { ...waiting, delivery, tell, identities: undefined };
    });
    this.#line.splice(this.#line.indexOf(waiting), 1, ...line);
    this.#count(waiting.delivery, -1);
    for (const { delivery } of line) this.#count(delivery, 1);
    void Promise.all(told).then((outcomes) => {
      waiting.tell(worstOf(outcomes));
    });
    return line;
  }

  /** Gives up all that waits, with a word to those who wait. */
  stop(): void {
    const alerts = this.#alerts;
    for (const waiting of [...this.#line]) {
      this.#remove(waiting);
      waiting.tell({ kind: 'failed', sentence: SENTENCES.stopped });
    }
    if (alerts > 0) this.#options.onDropped(alerts, 'stopped');
  }

  /** Drops what has expired of it; whether something is left to send. */
  dropExpired(waiting: Entry, now: number): boolean {
    if (!waiting.mayExpire) return true;
    const { delivery } = waiting;
    const alive = withoutExpired(delivery, now);
    if (alive === delivery) return true;
    if (alive === undefined) {
      this.#drop(waiting, 'expired');
      return false;
    }
    this.#options.onDropped(delivery.alerts.length - alive.alerts.length, 'expired');
    this.#count(delivery, -1);
    waiting.delivery = alive;
    waiting.identities = undefined;
    this.#count(alive, 1);
    return true;
  }

  // The oldest that has not failed so often; where all have, the one that failed longest ago.
  #nextThatMay(): WaitingDelivery | undefined {
    const older = new Set<string>();
    let longestAgo: Entry | undefined;
    for (const waiting of this.#line) {
      const identities = (waiting.identities ??= identitiesOf(waiting.delivery));
      const held = identities.filter((identity) => older.has(identity)).length;
      if (held > 0 && held < identities.length) return this.#takeOut(waiting, identities, older);
      if (held === 0) {
        if (waiting.failures < FAILURES_THAT_YIELD) return waiting;
        if (longestAgo === undefined || waiting.failedAt < longestAgo.failedAt) longestAgo = waiting;
      }
      for (const identity of identities) older.add(identity);
    }
    return longestAgo;
  }

  /** Makes a delivery of their own of the alerts of which no older state waits. */
  #takeOut(
    waiting: Entry,
    identities: readonly string[],
    older: ReadonlySet<string>,
  ): WaitingDelivery | undefined {
    const { delivery } = waiting;
    const isHeld = (index: number): boolean => older.has(identities[index] ?? '');
    const free = delivery.alerts.filter((_, index) => !isHeld(index));
    const held = delivery.alerts.filter((_, index) => isHeld(index));
    return this.replace(waiting, [partOf(delivery, free), partOf(delivery, held)])[0];
  }

  #drop(waiting: Entry, why: 'full' | 'expired'): void {
    this.#remove(waiting);
    this.#options.onDropped(waiting.delivery.alerts.length, why);
    waiting.tell({ kind: 'failed', sentence: SENTENCES[why] });
  }

  #remove(waiting: Entry): void {
    const index = this.#line.indexOf(waiting);
    if (index < 0) return;
    this.#line.splice(index, 1);
    this.#count(waiting.delivery, -1);
  }

  // The newest stays, however large it is. What is too large alone takes no room from the others: it goes first.
  #dropOldest(): void {
    const { capacity } = this.#options;
    if (isWithin(capacity, this.#alerts, this.#bytes)) return;
    const newest = this.#line.at(-1);
    const mayGo = (waiting: Entry): boolean => !waiting.isUnderWay && waiting !== newest;
    const tooLarge = this.#line.filter(({ delivery: { alerts, body, received } }) => {
      return !isWithin(capacity, alerts.length, body.length + received.length);
    });
    for (const waiting of tooLarge.filter(mayGo)) this.#drop(waiting, 'full');
    const staying = tooLarge.filter((waiting) => !mayGo(waiting));
    for (const { delivery } of staying) this.#count(delivery, -1);
    while (!isWithin(capacity, this.#alerts, this.#bytes)) {
      const oldest = this.#line.find((waiting) => mayGo(waiting));
      if (oldest === undefined) break;
      this.#drop(oldest, 'full');
    }
    for (const { delivery } of staying) this.#count(delivery, 1);
  }

  #count(delivery: Delivery, times: 1 | -1): void {
    this.#alerts += times * delivery.alerts.length;
    this.#bytes += times * (delivery.body.length + delivery.received.length);
  }
}

/** For the one who waits. */
const SENTENCES = {
  full: 'the queue for this Alertmanager is full',
  expired: 'the alerts expired before they could be sent',
  stopped: 'the Alertmanager did not take them before the proxy stopped sending there',
} as const;

const UNTRIED = {
  mayExpire: false,
  isUnderWay: false,
  failures: 0,
  failedAt: 0,
  answeredBefore: 0,
  identities: undefined,
} as const;

function isWithin(capacity: Capacity, alerts: number, bytes: number): boolean {
  return alerts <= capacity.alerts && bytes <= capacity.bytes;
}

function answer(): { promise: Promise<DeliveryOutcome>; tell: (outcome: DeliveryOutcome) => void } {
  let tell: (outcome: DeliveryOutcome) => void = () => undefined;
  const promise = new Promise<DeliveryOutcome>((resolve) => {
    tell = resolve;
  });
  return { promise, tell };
}
