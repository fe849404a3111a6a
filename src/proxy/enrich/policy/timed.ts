import type { Failure, LookupResult, Query } from '../lookup.ts';
import type { Storm } from './storm.ts';

export interface TimedOptions {
  /** Milliseconds for one fetch. */
  readonly timeout: number;
  /** Milliseconds for one fetch while most hosts do not answer. */
  readonly stormTimeout: number;
  readonly storm: Storm;
}

/** A source: where a lookup ends. It gets the milliseconds that the whole fetch may take, and keeps to them. */
export type Source = (query: Query, timeout: number) => Promise<LookupResult>;

/** Gives each fetch its timeout: the full one, or a short one while most hosts of the source do not answer. */
export function timed(
  source: Source,
  { timeout, stormTimeout, storm }: TimedOptions,
): (query: Query) => Promise<LookupResult> {
  return async (query) => {
    const isShort = storm.isRaging && !storm.isProbe();
    const result = await source(query, isShort ? stormTimeout : timeout);
    storm.observe(result);
    return isShort && !result.ok ? explain(result) : result;
  };
}

function explain(failure: Failure): Failure {
  const detail = 'waited only briefly, because most nodes of this source do not answer';
  return { ...failure, detail: failure.detail === undefined ? detail : `${failure.detail}; ${detail}` };
}
