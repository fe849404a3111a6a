/** Tells the time, and measures it: two clocks, because the first can be set. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since some fixed moment. Nobody sets this clock, and it stands still while the machine sleeps. */
  readonly elapsed: () => number;
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

/** The moment on the measuring clock of a time in seconds since the epoch; a time to come counts as now. */
export function momentOf(seconds: number, { now, elapsed }: Clock): number {
  return elapsed() - Math.max(0, now() - seconds * 1000);
}
