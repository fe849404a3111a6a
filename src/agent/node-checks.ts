import type { CheckResult, SubduedRun } from '../checks/result.ts';
import type { Definitions } from '../checks/definitions.ts';
import type { KnownCheck } from '../checks/known-checks.ts';
import type { CheckState, RestoredState, ResultSource } from '../checks/state.ts';
import type { CheckStore, StoreBounds } from '../checks/store.ts';

/** What an agent keeps at most. */
export const NODE_BOUNDS: StoreBounds = {
  // Programs on the node may push results under any name.
  checks: 10_000,
  bytes: 32 * 1024 ** 2,
  output: 256 * 1024,
  outputWhenFull: 8 * 1024,
};

/** What an agent knows of its checks beyond one process. */
interface NodeMemory {
  readonly states: readonly RestoredState[];
  readonly subdued: readonly SubduedRun[];
}

/** The checks of one node: what the store knows, under the node's present name. */
export class NodeChecks {
  readonly #store: CheckStore;
  #client: string | undefined;

  constructor(store: CheckStore) {
    this.#store = store;
  }

  /** The name of the node as its last result tells it. */
  get client(): string | undefined {
    return this.#client;
  }

  /** Takes a result in; false if a newer one is known. */
  apply(result: CheckResult, source?: ResultSource): boolean {
    const isNews = this.#store.apply(result, source);
    if (isNews && result.client !== '') this.#client = result.client;
    return isNews;
  }

  /** Takes in what was known before the process started. */
  restore({ states, subdued }: NodeMemory): void {
    // The store forgets those first that came first.
    for (const state of [...states].reverse()) {
      this.#store.restore(state);
      if (state.result.client !== '') this.#client = state.result.client;
    }
    for (const run of subdued) this.applySubdued(run);
  }

  /** All that is worth keeping beyond the process. */
  remember(): NodeMemory {
    return { states: this.#store.states().map(toRestored), subdued: this.#store.subduedRuns() };
  }

  /** Takes in that a run was left out. */
  applySubdued(run: SubduedRun): void {
    this.#store.applySubdued(run);
  }

  /** The state of a check of the node or of a proxy client, by Sensu's names. */
  get(owner: string, name: string): CheckState | undefined {
    return this.#store.get(owner, name);
  }

  /** Removes and returns the checks that match. */
  forget(isGone: (state: CheckState) => boolean): CheckState[] {
    return this.#store.forget(isGone);
  }

  /** All checks that are known, by a result or a definition, sorted by name. */
  list({ checks }: Definitions): KnownCheck[] {
    const ran = this.#current().map((state) => this.#describe(state, checks));
    const names = new Set(ran.map(({ name }) => name));
    const waiting = [...checks]
      .filter(([name]) => !names.has(name))
      .map(([name, definition]) => ({
        name,
        source: undefined,
        state: undefined,
        definition,
        lastSubdued: this.#store.lastSubdued(name, definition['source']),
      }));
    return [...ran, ...waiting].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  #describe(state: CheckState, definitions: Definitions['checks']): KnownCheck {
    const { name, source } = state.result;
    const lastSubdued = this.#store.lastSubdued(name, source);
    return { name, source, state, definition: definitions.get(name) ?? {}, lastSubdued };
  }

  // Every check once: a node that was renamed counts under its newest name.
  #current(): CheckState[] {
    const newest = new Map<string, CheckState>();
    for (const state of this.#store.states()) {
      const key = `${state.result.name} ${state.result.source ?? ''}`;
      const known = newest.get(key);
      if (known === undefined || known.result.executed < state.result.executed) newest.set(key, state);
    }
    return [...newest.values()];
  }
}

function toRestored(state: CheckState): RestoredState {
  const { result, history, occurrences, occurrencesWatermark, lastOk, lastStateChange, lastNonOk, origin } =
    state;
  return { result, history, occurrences, occurrencesWatermark, lastOk, lastStateChange, lastNonOk, origin };
}
