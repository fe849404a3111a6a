import { isDeepStrictEqual } from 'node:util';
import { pause } from '../time/pause.ts';

interface PollOptions<T> {
  /** Reads the present state, which is compared by content. */
  readonly look: () => Promise<T>;
  /** Milliseconds between two polls. */
  readonly interval: number;
  readonly signal: AbortSignal;
}

/** After a change the next poll comes sooner. */
const SETTLE_MS = 1_000;

/**
 * Polls files until the signal aborts, and yields a state once two polls in a row have seen it. Files are written in pieces:
 * half a file may be valid too, and a new certificate comes before its key. Polling also works for ConfigMaps, whose files
 * are swapped by symlink, and for network file systems.
 */
export async function* pollUntilStable<T>({ look, interval, signal }: PollOptions<T>): AsyncGenerator<T> {
  let last: T | undefined;
  let isSettled = true;
  while (await pause(isSettled ? interval : Math.min(interval, SETTLE_MS), signal)) {
    const seen = await look();
    isSettled = isDeepStrictEqual(seen, last);
    last = seen;
    if (isSettled) yield seen;
  }
}
