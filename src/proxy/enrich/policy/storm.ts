import type { LookupResult, Reason } from '../lookup.ts';

export interface StormOptions {
  readonly now: () => number;
}

interface Outcome {
  readonly at: number;
  readonly failed: boolean;
}

const WINDOW = 100;
const WINDOW_MS = 30_000;
const ENOUGH_TO_JUDGE = 20;
const PROBE_EVERY = 16;

const NO_ANSWER: ReadonlySet<Reason> = new Set([
  'connect_timeout',
  'timeout',
  'refused',
  'network',
  'dns',
  'tls',
]);

/**
 * Notices that most hosts of a source do not answer: a rack, a switch, a data centre is gone.
 * Then waiting the full timeout for each next host would cost every alert its place in time.
 * The latest outcomes decide, so a storm ends when hosts answer again, or when nobody is asked for a while.
 */
export class Storm {
  readonly #now: () => number;
  readonly #outcomes: Outcome[] = [];
  #asked = 0;

  constructor({ now }: StormOptions) {
    this.#now = now;
  }

  get isRaging(): boolean {
    this.#forget();
    if (this.#outcomes.length < ENOUGH_TO_JUDGE) return false;
    return this.#outcomes.filter(({ failed }) => failed).length * 2 > this.#outcomes.length;
  }

  /** Whether the next fetch is one that waits in full all the same: only these can tell when the storm is over. */
  isProbe(): boolean {
    return ++this.#asked % PROBE_EVERY === 0;
  }

  /** Takes the outcome of a fetch that waited in full: one that did not says nothing about the hosts. */
  observe(result: LookupResult): void {
    this.#outcomes.push({ at: this.#now(), failed: !result.ok && NO_ANSWER.has(result.reason) });
    this.#forget();
  }

  #forget(): void {
    const since = this.#now() - WINDOW_MS;
    while (this.#outcomes.length > WINDOW || (this.#outcomes[0]?.at ?? since) < since) this.#outcomes.shift();
  }
}
