import { setTimeout as delay } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal aborts: false then. No reason for the process to live on. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, undefined, { ref: false, signal }).catch(() => undefined);
  return !signal.aborted;
}
