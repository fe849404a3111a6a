/** A token bucket: takes one token per request while there are any, and is given one per interval. */
export interface RateLimit {
  /** Whether a request may pass now. */
  take(): boolean;
}

/** Starts full, as Go's rate.Limiter does. The interval is in milliseconds; `now` is a monotonic clock. */
export function createRateLimit(
  interval: number,
  burst: number,
  now: () => number = () => performance.now(),
): RateLimit {
  let tokens = burst;
  let countedAt = now();

  return {
    take() {
      const time = now();
      tokens = Math.min(burst, tokens + (time - countedAt) / interval);
      countedAt = time;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
