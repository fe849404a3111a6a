import { LRUCache } from 'lru-cache';
import type { Failure, Lookup, LookupResult, Query, Reason } from '../lookup.ts';

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
  | { readonly state: 'probing'; readonly probe: Promise<LookupResult> }
  | { readonly state: 'open'; readonly since: number; readonly reason: Reason };

/** The host itself cannot be reached: no use in asking it for its other checks. */
const UNREACHABLE: ReadonlySet<Reason> = new Set(['connect_timeout', 'refused', 'network', 'dns', 'tls']);
const NOT_ABOUT_THE_HOST: ReadonlySet<Reason> = new Set(['deadline', 'overloaded', 'blocked', 'template']);
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

  /** Wraps a lookup; all wrapped by one breaker share what is known of a host. */
  around(next: Lookup): Lookup {
    return (query, patience) => {
      const circuit = this.#current(query.host);
      if (circuit?.state === 'open') return this.#refuse(circuit);
      if (circuit?.state === 'closed') return this.#observe(query, next(query, patience));
      if (circuit === undefined) return this.#probe(query, next(query, patience));
      return circuit.probe.then((result) => {
        if (!result.ok && this.#current(query.host)?.state === 'open') return result;
        return this.#observe(query, next(query, patience));
      });
    };
  }

  /** Hosts that are being left alone. */
  openHosts(): string[] {
    return [...this.#circuits.keys()].filter((host) => this.#current(host)?.state === 'open');
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

  #probe(query: Query, pending: LookupResult | Promise<LookupResult>): Promise<LookupResult> {
    const probe = Promise.resolve(pending).then((result) => {
      this.#judge(query.host, result, TIMEOUTS_THAT_OPEN);
      return result;
    });
    this.#circuits.set(query.host, { state: 'probing', probe });
    return probe;
  }

  async #observe(query: Query, pending: LookupResult | Promise<LookupResult>): Promise<LookupResult> {
    const result = await pending;
    const circuit = this.#circuits.get(query.host);
    const before = circuit?.state === 'closed' ? circuit.timeoutsInARow : 0;
    this.#judge(query.host, result, before + 1);
    return result;
  }

  #judge(host: string, result: LookupResult, timeoutsInARow: number): void {
    if (!result.ok && NOT_ABOUT_THE_HOST.has(result.reason)) {
      if (this.#circuits.get(host)?.state === 'probing') this.#circuits.delete(host);
      return;
    }
    const timedOut = !result.ok && result.reason === 'timeout';
    if (
      !result.ok &&
      (UNREACHABLE.has(result.reason) || (timedOut && timeoutsInARow >= TIMEOUTS_THAT_OPEN))
    ) {
      this.#circuits.set(host, { state: 'open', since: this.#options.now(), reason: result.reason });
    } else {
      this.#circuits.set(host, { state: 'closed', timeoutsInARow: timedOut ? timeoutsInARow : 0 });
    }
  }
}
