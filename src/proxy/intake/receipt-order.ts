import type { Alert } from '../alert/alert.ts';
import { identityOfAlert } from '../alert/identity.ts';
import type { BatchVerdict } from '../alertmanager/outcome.ts';

/** A batch that has come and is not read yet: it may wait in line for long. */
export interface Arrival {
  /** The batch is read; the arrival is over. */
  enter(alerts: readonly Alert[]): Turn;
  /** The batch is not read; calling it again, or after `enter`, changes nothing. */
  leave(): void;
}

/** A batch's place among those that are being enriched. */
export interface Turn {
  /** The alerts that are still to be sent: of these no newer state has gone before. */
  readonly alerts: readonly Alert[];
  /** The verdicts of the batches that went before with newer states of the others. */
  readonly overtakenBy: readonly Promise<BatchVerdict>[];
  /** Resolves when no batch that entered earlier and holds one of the same alerts is still inside. */
  ready(): Promise<void>;
  /** The batch is in the queues of the Alertmanagers. */
  sent(verdict: Promise<BatchVerdict>): void;
  /** The batch is not inside any more; calling it again, or after `sent`, changes nothing. */
  leave(): void;
}

interface Inside {
  readonly number: number;
  readonly identities: () => ReadonlySet<string>;
  /** Resolves when it has left. */
  readonly left: Promise<void>;
  readonly verdict: Promise<BatchVerdict>;
}

/**
 * Keeps the states of one alert in the order in which they were received (promise 4), though batches wait in line by
 * turns and take different times to enrich. Batches that share no alert do not wait for each other.
 */
export class ReceiptOrder {
  readonly #inside = new Set<Inside>();
  /** Numbers of the batches that are not read yet, in order. */
  readonly #arrivals = new Set<number>();
  /** Those inside, or sent, before which older ones have come that are not read yet. */
  #overtaking: Inside[] = [];
  #number = 0;

  arrive(): Arrival {
    const number = ++this.#number;
    this.#arrivals.add(number);
    const leave = (): void => {
      this.#arrivals.delete(number);
      this.#forgetOvertaking();
    };
    return {
      enter: (alerts) => {
        const newer = this.#overtaking.filter((other) => other.number > number);
        leave();
        return this.#enter(number, alerts, newer);
      },
      leave,
    };
  }

  #enter(number: number, all: readonly Alert[], newer: readonly Inside[]): Turn {
    const overtakenBy = new Set<Inside>();
    const alerts = newer.length === 0 ? all : all.filter((alert) => !isOvertaken(alert, newer, overtakenBy));
    const earlier = [...this.#inside];
    const left = deferred<undefined>();
    const verdict = deferred<BatchVerdict>();
    const self: Inside = {
      number,
      identities: onDemand(alerts),
      left: left.promise,
      verdict: verdict.promise,
    };
    this.#inside.add(self);
    const [oldestArrival = Infinity] = this.#arrivals;
    if (oldestArrival < number) this.#overtaking.push(self);
    const leave = (): void => {
      this.#inside.delete(self);
      left.resolve(undefined);
      verdict.resolve(NOT_SENT);
    };
    return {
      alerts,
      overtakenBy: [...overtakenBy].map((other) => other.verdict),
      ready: async () => {
        const still = earlier.filter((other) => this.#inside.has(other) && overlaps(other, self));
        await Promise.all(still.map((other) => other.left));
      },
      sent: (sent) => {
        verdict.resolve(sent);
        leave();
      },
      leave,
    };
  }

  #forgetOvertaking(): void {
    const [oldestArrival = Infinity] = this.#arrivals;
    if (this.#overtaking.length > 0)
      this.#overtaking = this.#overtaking.filter(({ number }) => number > oldestArrival);
  }
}

const NOT_SENT: BatchVerdict = {
  kind: 'unavailable',
  sentence: 'a newer state of an alert came, and could not be sent',
};

function isOvertaken(alert: Alert, newer: readonly Inside[], by: Set<Inside>): boolean {
  const identity = identityOfAlert(alert);
  const other = newer.findLast(({ identities }) => identities().has(identity));
  if (other !== undefined) by.add(other);
  return other !== undefined;
}

function overlaps(a: Inside, b: Inside): boolean {
  const others = b.identities();
  return [...a.identities()].some((identity) => others.has(identity));
}

// Mostly a batch is alone inside, and nobody asks.
function onDemand(alerts: readonly Alert[]): () => ReadonlySet<string> {
  let identities: ReadonlySet<string> | undefined;
  return () => (identities ??= new Set(alerts.map(identityOfAlert)));
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T | Promise<T>) => void } {
  let resolve: (value: T | Promise<T>) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
