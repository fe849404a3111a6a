import type { LookupResult } from '../lookup.ts';
import { NO_ANSWER } from '../reason.ts';

export interface MassOutageOptions {
  readonly now: () => number;
}

interface FetchOutcome {
  readonly at: number;
  readonly failed: boolean;
}

const WINDOW = 100;
const WINDOW_MS = 30_000;
const ENOUGH_TO_JUDGE = 20;
/** Seldom: a batch that holds a probe waits in full, and a sender has its next batch ready. */
const PROBE_EVERY_MS = 2_000;

/**
 * Notices that most hosts of a source do not answer: a rack, a switch, a data centre is gone.
 * Then waiting the full timeout for each next host would cost every alert its place in time.
 * The fetches that waited in full decide. During a storm these are a few probes, so after half a minute it is either
 * known to go on, or it is forgotten and the next hosts are asked in full.
 */
export class MassOutage {
  readonly #now: () => number;
  readonly #outcomes: FetchOutcome[] = [];
  #probedAt = 0;

  constructor({ now }: MassOutageOptions) {
    this.#now = now;
  }

  get isRaging(): boolean {
    this.#forget();
    if (this.#outcomes.length < ENOUGH_TO_JUDGE) return false;
    return this.#outcomes.filter(({ failed }) => failed).length * 2 > this.#outcomes.length;
  }

  /** Whether a fetch may wait in full all the same, as one may now and then: only these can tell when the storm is over. */
  takeProbe(): boolean {
    const now = this.#now();
    if (now - this.#probedAt < PROBE_EVERY_MS) return false;
    this.#probedAt = now;
    return true;
  }

  /** Takes the outcome of a fetch that waited in full: one that did not says nothing about the hosts. */
  observe(result: LookupResult<unknown>): void {
    this.#probedAt = this.#now();
    this.#outcomes.push({ at: this.#probedAt, failed: !result.ok && NO_ANSWER.has(result.reason) });
    this.#forget();
  }

  #forget(): void {
    const since = this.#now() - WINDOW_MS;
    while (this.#outcomes.length > WINDOW || (this.#outcomes[0]?.at ?? since) < since) this.#outcomes.shift();
  }
}
