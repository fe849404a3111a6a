import { LRUCache } from 'lru-cache';
import type { Failure, Lookup, LookupResult, Query } from '../lookup.ts';
import { anyOf, derived, type Demand } from '../demand.ts';
import { INCONCLUSIVE, NO_ANSWER, UNREACHABLE, type Reason } from '../reason.ts';

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
  | {
      readonly state: 'probing';
      readonly probe: Promise<LookupResult<unknown>>;
      readonly before: OpenState | undefined;
      /** Those who wait for what it finds out: it is theirs too. */
      readonly waiting: Demand[];
    }
  | OpenState;

interface OpenState {
  readonly state: 'open';
  readonly since: number;
  readonly reason: Reason;
  /** Keys of the questions whose timeouts opened it, one time after the other: maybe it is them that are slow, not the host. */
  readonly suspects: readonly string[];
  /** Whether other questions were refused since. */
  readonly hasRefusedOthers: boolean;
}

/** A host that is being left alone. */
export interface OpenCircuit {
  readonly host: string;
  readonly reason: Reason;
  /** When it may be asked again, in milliseconds since 1970. */
  readonly until: number;
}

const TIMEOUTS_THAT_OPEN = 3;
const MAX_SUSPECTS = 50;

/**
 * Leaves a dead host alone (promise 8): one request finds out, all others share what it found, and nobody asks again
 * for `openFor`. A host that has answered before may be slow three times in a row; one that cannot be reached may not.
 * Where a timeout found it dead, another question goes first the next time, so that one slow check does not stop the others.
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
      if (circuit === undefined) return this.#refuseSuspect(query) ?? this.#probe(next, query, patience);
      if (circuit.state === 'open') return this.#refuse(circuit, query);
      if (circuit.state === 'closed') return this.#unlessOpened(next, query, patience);
      circuit.waiting.push(patience);
      // What became of the probe need not say anything about the host; then the first who waited is the next probe.
      return circuit.probe.then((result) => {
        const opened = this.#current(host);
        if (result.ok || opened?.state !== 'open') return ask(query, patience);
        this.#refuse(opened, query);
        return result;
      });
    };
    return ask;
  }

  /** Innermost: learns what became of a question before its place is given to the next in line. */
  observing<T>(next: Lookup<T>): Lookup<T> {
    return async (query, patience) => {
      const result = await next(query, patience);
      this.#judge(query, result);
      return result;
    };
  }

  /** The hosts that are being left alone. */
  openCircuits(): OpenCircuit[] {
    const { now, openFor } = this.#options;
    return [...this.#circuits.entries()].flatMap(([host, circuit]) => {
      if (circuit.state !== 'open') return [];
      const until = circuit.since + openFor;
      return until > now() ? [{ host, reason: circuit.reason, until }] : [];
    });
  }

  #current(host: string): Circuit | undefined {
    const circuit = this.#circuits.get(host);
    if (circuit?.state !== 'open') return circuit;
    return this.#options.now() - circuit.since < this.#options.openFor ? circuit : undefined;
  }

  #refuse(circuit: OpenState, { host, key }: Query): Failure {
    const { since, reason, suspects, hasRefusedOthers } = circuit;
    if (!hasRefusedOthers && !suspects.includes(key))
      this.#circuits.set(host, { ...circuit, hasRefusedOthers: true });
    const seconds = Math.round((this.#options.now() - since) / 1000);
    return { ok: false, reason: 'circuit_open', detail: `${reason} ${seconds}s ago` };
  }

  // A suspect leaves the probe to those that were refused: they will ask again, but if they do not, it must not wait for ever.
  #refuseSuspect(query: Query): Failure | undefined {
    const circuit = this.#circuits.get(query.host);
    if (circuit?.state !== 'open' || !circuit.hasRefusedOthers || !circuit.suspects.includes(query.key))
      return undefined;
    const { now, openFor } = this.#options;
    return now() - circuit.since < 2 * openFor ? this.#refuse(circuit, query) : undefined;
  }

  #probe<T>(next: Lookup<T>, query: Query, patience: Demand): Promise<LookupResult<T>> {
    const { host } = query;
    const waiting = [patience];
    const known = this.#circuits.get(host);
    const before = known?.state === 'open' ? known : undefined;
    const probe = Promise.resolve(next(query, anyOf(waiting))).then((result) => {
      if (this.#current(host)?.state === 'probing') this.#forgetProbe(host, before);
      return result;
    });
    this.#circuits.set(host, { state: 'probing', probe, before, waiting });
    return probe;
  }

  #forgetProbe(host: string, before: OpenState | undefined): void {
    if (before === undefined) this.#circuits.delete(host);
    else this.#circuits.set(host, before);
  }

  // What waits for its turn loses it when another finds the host dead meanwhile.
  async #unlessOpened<T>(next: Lookup<T>, query: Query, patience: Demand): Promise<LookupResult<T>> {
    const { host } = query;
    const unlessOpen = derived(
      () => patience.exhausted || this.#current(host)?.state === 'open',
      () => patience.isUrgent,
    );
    const result = await next(query, unlessOpen);
    const circuit = this.#current(host);
    const lostItsTurn = circuit?.state === 'open' && !result.ok && INCONCLUSIVE.has(result.reason);
    return lostItsTurn ? this.#refuse(circuit, query) : result;
  }

  #judge({ host, key }: Query, result: LookupResult<unknown>): void {
    if (result.ok) {
      this.#close(host, 0);
    } else if (UNREACHABLE.has(result.reason) || result.isCostly === true) {
      this.#open(host, result.reason, []);
    } else if (NO_ANSWER.has(result.reason)) {
      const circuit = this.#circuits.get(host);
      const timeouts = circuit?.state === 'closed' ? circuit.timeoutsInARow + 1 : TIMEOUTS_THAT_OPEN;
      if (timeouts < TIMEOUTS_THAT_OPEN) this.#close(host, timeouts);
      else this.#open(host, result.reason, [...suspectsOf(circuit).filter((one) => one !== key), key]);
    } else if (!INCONCLUSIVE.has(result.reason)) {
      this.#close(host, 0);
    }
  }

  #close(host: string, timeoutsInARow: number): void {
    this.#circuits.set(host, { state: 'closed', timeoutsInARow });
  }

  #open(host: string, reason: Reason, suspects: readonly string[]): void {
    this.#circuits.set(host, {
      state: 'open',
      since: this.#options.now(),
      reason,
      suspects: suspects.slice(-MAX_SUSPECTS),
      hasRefusedOthers: false,
    });
  }
}

function suspectsOf(circuit: Circuit | undefined): readonly string[] {
  if (circuit?.state === 'open') return circuit.suspects;
  return circuit?.state === 'probing' ? (circuit.before?.suspects ?? []) : [];
}
