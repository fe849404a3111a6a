import type { Failure, LookupResult } from '../lookup.ts';
import { derived, type Demand } from '../demand.ts';

export interface TwoLineLimitOptions {
  readonly concurrency: number;
  /** How many times the concurrency may wait: nobody waits for more fetches, one after the other, than these. */
  readonly rounds: number;
}

/** One that waits for its turn. */
interface WaitingFetch {
  readonly patience: Demand;
  readonly begin: () => void;
}

/**
 * At most so many at a time, and so many waiting for their turn. Refreshes, for which nobody waits, wait in a line of their own:
 * they get what is left over. p-limit has one line only, and one with priorities would not let a refresh become urgent.
 */
export class TwoLineLimit {
  readonly #concurrency: number;
  readonly #maxWaiting: number;
  readonly #refreshes: WaitingFetch[] = [];
  readonly #urgent: WaitingFetch[] = [];
  #underWay = 0;
  #turnsUntilLook = 0;

  constructor({ concurrency, rounds }: TwoLineLimitOptions) {
    this.#concurrency = concurrency;
    this.#maxWaiting = concurrency * rounds;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /**
   * Starts the work when its turn comes, unless too much is waiting already, or nobody waits for it any more by then.
   * @param work gets the patience to go on with: what holds a place that others want is as urgent as they are
   */
  async inTurn<T>(
    patience: Demand,
    work: (patience: Demand) => LookupResult<T> | Promise<LookupResult<T>>,
  ): Promise<LookupResult<T>> {
    if (this.#underWay < this.#concurrency) {
      this.#underWay++;
    } else {
      const line = patience.isUrgent ? this.#urgent : this.#refreshes;
      if (line.length >= this.#maxWaiting) return OVERLOADED;
      await new Promise<void>((begin) => line.push({ patience, begin }));
    }
    try {
      return patience.exhausted ? TOO_LATE : await work(this.#holding(patience));
    } finally {
      this.#passOn();
    }
  }

  #holding(patience: Demand): Demand {
    return derived(
      () => patience.exhausted,
      () => patience.isUrgent || this.#urgent.length > 0,
    );
  }

  // The place goes from one to the next: nobody who comes in between can take it.
  #passOn(): void {
    if (this.#urgent.length > 0) this.#lookForUrgent();
    const next = this.#urgent.shift() ?? this.#refreshes.shift();
    if (next === undefined) this.#underWay--;
    else next.begin();
  }

  // Somebody may have come to wait for a refresh. Once per round is soon enough, and looking at all of them costs little then.
  #lookForUrgent(): void {
    if (--this.#turnsUntilLook > 0) return;
    this.#turnsUntilLook = this.#concurrency;
    const waiting = this.#refreshes.splice(0);
    for (const one of waiting) (one.patience.isUrgent ? this.#urgent : this.#refreshes).push(one);
  }
}

const OVERLOADED: Failure = {
  ok: false,
  reason: 'overloaded',
  detail: 'too many fetches are waiting already',
};
const TOO_LATE: Failure = { ok: false, reason: 'deadline', detail: 'its turn came too late' };
