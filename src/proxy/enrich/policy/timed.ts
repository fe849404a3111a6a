import type { Failure, Lookup, LookupResult, Source } from '../lookup.ts';
import type { LoopWatch } from '../../../platform/time/loop-watch.ts';
import type { MassOutage } from './mass-outage.ts';

export interface TimedOptions {
  /** Milliseconds for one fetch. */
  readonly timeout: number;
  /** Milliseconds for one fetch while most hosts do not answer. */
  readonly stormTimeout: number;
  readonly storm: MassOutage;
  /** Tells when a timeout was our own fault. Default: it never is. */
  readonly loop?: Pick<LoopWatch, 'now' | 'wasLateSince'> | undefined;
}

/** Gives each fetch its timeout: the full one, or a short one while most hosts of the source do not answer. */
export function timed<T>(
  source: Source<T>,
  { timeout, stormTimeout, storm, loop = PUNCTUAL }: TimedOptions,
): Lookup<T> {
  return async (query) => {
    const isShort = storm.isRaging && !storm.takeProbe();
    const startedAt = loop.now();
    const result = await settled(source(query, isShort ? stormTimeout : timeout));
    if (isTimeout(result) && loop.wasLateSince(startedAt)) return TOO_BUSY;
    if (!isShort) storm.observe(result);
    return isShort && !result.ok ? explain(result) : result;
  };
}

const PUNCTUAL = { now: () => 0, wasLateSince: () => false };

const TOO_BUSY: Failure = {
  ok: false,
  reason: 'overloaded',
  detail: 'it was too busy to notice an answer in time',
};

function isTimeout(result: LookupResult<unknown>): boolean {
  return !result.ok && (result.reason === 'timeout' || result.reason === 'connect_timeout');
}

// A lookup never rejects, whatever a source makes of an answer: an alert must not be lost over it.
function settled<T>(fetched: Promise<LookupResult<T>>): Promise<LookupResult<T>> {
  return fetched.catch((error: unknown) => ({
    ok: false,
    reason: 'bad_response',
    detail: error instanceof Error ? error.message : 'unknown error',
  }));
}

function explain(failure: Failure): Failure {
  const detail = 'waited only briefly, because most nodes of this source do not answer';
  return { ...failure, detail: failure.detail === undefined ? detail : `${failure.detail}; ${detail}` };
}
