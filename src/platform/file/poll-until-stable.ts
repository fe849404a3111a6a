import { isDeepStrictEqual } from 'node:util';
import { pause } from '../time/pause.ts';

interface PollOptions<T> {
  /** What is on disk now; compared by its content. */
  readonly look: () => Promise<T>;
  /** Milliseconds between two looks. */
  readonly interval: number;
  readonly signal: AbortSignal;
}

/** After a change the next look comes sooner. */
const SETTLE_MS = 1_000;

/**
 * Looks at files again and again until the signal aborts. Looking instead of being told works for ConfigMaps, whose files are
 * swapped by symlink, and for network file systems. Yields what two looks in a row have seen, because files are written in
 * pieces: half a file may be valid too, and a new certificate comes before its key.
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
