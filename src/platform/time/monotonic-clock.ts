/**
 * Milliseconds that only ever grow, whatever happens to the clock of the machine: for durations and ages. They begin at the time of the
 * machine's clock when the process started, so that a moment reads like one since 1970 as long as nobody has set that clock.
 */
export function monotonicNow(): number {
  return performance.timeOrigin + performance.now();
}
