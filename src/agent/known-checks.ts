import type { JsonRecord } from './check-result.ts';
import type { CheckState } from './check-state.ts';
import type { CheckStore } from './check-store.ts';
import type { Definitions } from './definitions.ts';

/** A check that has run, or that the configuration says will run. */
export interface KnownCheck {
  readonly name: string;
  /** The Sensu proxy client that its results are about, if not the node. */
  readonly source: string | undefined;
  /** Undefined if no result is known. */
  readonly state: CheckState | undefined;
  /** The configuration's definition; empty if there is none. */
  readonly definition: JsonRecord;
  /** When a run was last left out because the check is subdued, in seconds since the epoch; undefined if never. */
  readonly lastSubdued: number | undefined;
}

/** All checks that are known, sorted by name. */
export function listChecks(store: CheckStore, { checks }: Definitions): KnownCheck[] {
  const ran = store.current().map((state) => {
    const { name, source } = state.result;
    const lastSubdued = store.lastSubdued(name, source);
    return { name, source, state, definition: checks.get(name) ?? {}, lastSubdued };
  });
  const names = new Set(ran.map(({ name }) => name));
  const waiting = [...checks]
    .filter(([name]) => !names.has(name))
    .map(([name, definition]) => ({
      name,
      source: undefined,
      state: undefined,
      definition,
      lastSubdued: store.lastSubdued(name, definition['source']),
    }));
  return [...ran, ...waiting].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The check of the node with that name, else the one of its only proxy client; or that of the given proxy client. */
export function selectCheck(
  checks: readonly KnownCheck[],
  name: string,
  source: string | undefined,
): KnownCheck | undefined {
  const named = checks.filter((check) => check.name === name);
  const matching = named.filter((check) => check.source === source);
  return matching[0] ?? (source === undefined && named.length === 1 ? named[0] : undefined);
}

/** Seconds between two runs, as the configuration or the last result tells. */
export function intervalOf(check: KnownCheck): number | undefined {
  return numberOf(check, 'interval');
}

/** Seconds after which a result says nothing any more, for checks that have a `ttl`. */
export function ttlOf(check: KnownCheck): number | undefined {
  return numberOf(check, 'ttl');
}

/** Whether a check has been silent for longer than its `ttl`, or else for three intervals. */
export function isStale(check: KnownCheck, now: number): boolean {
  if (check.state === undefined) return false;
  const limit = ttlOf(check) ?? 3 * (intervalOf(check) ?? Infinity);
  return now / 1000 - check.state.result.executed > limit;
}

function numberOf({ definition, state }: KnownCheck, key: 'interval' | 'ttl'): number | undefined {
  const value = definition[key] ?? state?.result.attributes[key];
  return typeof value === 'number' ? value : undefined;
}
