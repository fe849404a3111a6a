import { setTimeout as sleep } from 'node:timers/promises';

interface Patience {
  readonly deadlineMs?: number;
  readonly everyMs?: number;
  /** More that the reader of the failure wants to see, e.g. the output of a program. */
  readonly show?: () => string;
}

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it.
 * The probe may also throw, e.g. by `expect` before it returns true; the last error is then part of the message.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  { deadlineMs = 20_000, everyMs = 25, show = () => '' }: Patience = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + deadlineMs;
  let lastError: unknown;
  let isLast: boolean;
  do {
    // So that who slept through the deadline looks once more.
    isLast = Date.now() >= deadline;
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await sleep(everyMs);
  } while (!isLast);
  const last = lastError instanceof Error ? `; last error: ${lastError.message}` : '';
  throw new Error(`waited ${deadlineMs} ms in vain for ${what}${last}\n${show()}`);
}
