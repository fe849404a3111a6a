import { setTimeout as delay } from 'node:timers/promises';

/** Waits for `milliseconds`; resolves to false if the signal aborts first. Does not keep the process alive. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, undefined, { ref: false, signal }).catch(() => undefined);
  return !signal.aborted;
}
