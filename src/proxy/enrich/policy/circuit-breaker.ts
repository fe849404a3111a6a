import { LRUCache } from 'lru-cache';
import type { Failure, Lookup, LookupResult, Patience, Query } from '../lookup.ts';
import { NOT_ABOUT_THE_HOST, NO_ANSWER, UNREACHABLE, type Reason } from '../reason.ts';

export interface CircuitBreakerOptions {
  /** How long a host that does not answer is left alone, in milliseconds. */
  readonly openFor: number;
  /** Hosts remembered; the least recently asked are forgotten first. */
  readonly maxHosts: number;
  readonly now: () => number;
}

/** A host that never answered yet, or not since it was left alone, is asked by one request first. */
type Circuit =
  | { readonly state: 'closed'; readonly timeoutsInARow: number }
  | { readonly state: 'probing'; readonly probe: Promise<LookupResult<unknown>> }
  | { readonly state: 'open'; readonly since: number; readonly reason: Reason };

/** A host that is being left alone. */
export interface OpenCircuit {
  readonly host: string;
  readonly reason: Reason;
  /** When it may be asked again, in milliseconds since 1970. */
  readonly until: number;
}

const TIMEOUTS_THAT_OPEN = 3;

/**
 * Leaves a dead host alone (promise 8): one request finds out, all others share what it found, and nobody asks again
 * for `openFor`. A host that has answered before may be slow three times in a row; one that cannot be reached may not.
 */
export class CircuitBreaker {
  readonly #circuits: LRUCache<string, Circuit>;
  readonly #options: CircuitBreakerOptions;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#circuits = new LRUCache({ max: options.maxHosts });
  }

  /** Outermost: refuses what would go to a dead host, and sends one question ahead to an unknown one. */
  around<T>(next: Lookup<T>): Lookup<T> {
    const ask: Lookup<T> = (query, patience) => {
      const { host } = query;
      const circuit = this.#current(host);
      if (circuit === undefined) return this.#probe(host, next(query, patience));
      if (circuit.state === 'open') return this.#refuse(circuit);
      if (circuit.state === 'closed') return this.#unlessOpened(host, next, query, patience);
      // What became of the probe need not say anything about the host; then the first who waited is the next probe.
      return circuit.probe.then((result) =>
        !result.ok && this.#isOpen(host) ? result : ask(query, patience),
      );
    };
    return ask;
  }

  /** Innermost: learns what became of a question before its place is given to the next in line. */
  observing<T>(next: Lookup<T>): Lookup<T> {
    return async (query, patience) => {
      const result = await next(query, patience);
      this.#judge(query.host, result);
      return result;
    };
  }

  /** Hosts that are being left alone. */
  openHosts(): string[] {
    return this.openCircuits().map(({ host }) => host);
  }

  /** The same hosts, with more about them. */
  openCircuits(): OpenCircuit[] {
    const { now, openFor } = this.#options;
    return [...this.#circuits.entries()].flatMap(([host, circuit]) => {
      if (circuit.state !== 'open') return [];
      const until = circuit.since + openFor;
      return until > now() ? [{ host, reason: circuit.reason, until }] : [];
    });
  }

  #isOpen(host: string): boolean {
    return this.#current(host)?.state === 'open';
  }

  #current(host: string): Circuit | undefined {
    const circuit = this.#circuits.get(host);
    if (circuit?.state !== 'open') return circuit;
    return this.#options.now() - circuit.since < this.#options.openFor ? circuit : undefined;
  }

  #refuse({ since, reason }: Extract<Circuit, { state: 'open' }>): Failure {
    const seconds = Math.round((this.#options.now() - since) / 1000);
    return { ok: false, reason: 'circuit_open', detail: `${reason} ${seconds}s ago` };
  }

  #probe<T>(host: string, pending: LookupResult<T> | Promise<LookupResult<T>>): Promise<LookupResult<T>> {
    const probe = Promise.resolve(pending).then((result) => {
      if (this.#current(host)?.state === 'probing') this.#circuits.delete(host);
      return result;
    });
    this.#circuits.set(host, { state: 'probing', probe });
    return probe;
  }

  // What waits for its turn loses it when another finds the host dead meanwhile.
  async #unlessOpened<T>(
    host: string,
    next: Lookup<T>,
    query: Query,
    patience: Patience,
  ): Promise<LookupResult<T>> {
    const isOpen = (): boolean => this.#isOpen(host);
    const result = await next(query, {
      get exhausted() {
        return patience.exhausted || isOpen();
      },
    });
    const circuit = this.#current(host);
    const lostItsTurn = circuit?.state === 'open' && !result.ok && NOT_ABOUT_THE_HOST.has(result.reason);
    return lostItsTurn ? this.#refuse(circuit) : result;
  }

  #judge(host: string, result: LookupResult<unknown>): void {
    if (result.ok) {
      this.#close(host, 0);
    } else if (UNREACHABLE.has(result.reason)) {
      this.#open(host, result.reason);
    } else if (NO_ANSWER.has(result.reason)) {
      const circuit = this.#current(host);
      const timeouts = circuit?.state === 'closed' ? circuit.timeoutsInARow + 1 : TIMEOUTS_THAT_OPEN;
      if (timeouts < TIMEOUTS_THAT_OPEN) this.#close(host, timeouts);
      else this.#open(host, result.reason);
    } else if (!NOT_ABOUT_THE_HOST.has(result.reason)) {
      this.#close(host, 0);
    }
  }

  #close(host: string, timeoutsInARow: number): void {
    this.#circuits.set(host, { state: 'closed', timeoutsInARow });
  }

  #open(host: string, reason: Reason): void {
    this.#circuits.set(host, { state: 'open', since: this.#options.now(), reason });
  }
}
