import { formatDuration } from '../../platform/time/duration.ts';
import type { PrometheusCollector } from '../collect/prometheus.ts';

/** Three scrapes of a slow scrape interval: who has no newer one than that is behind. */
const BEHIND_MS = 3 * 60_000;

/** Why each Prometheus counts less than the others, if it does: its newest scrape is minutes older than theirs. */
export function behindOf(
  prometheus: readonly PrometheusCollector[],
  now: number,
): ReadonlyMap<PrometheusCollector, string | undefined> {
  const scrapes = prometheus.flatMap((one) => one.newestScrape ?? []);
  const newest = Math.max(...scrapes, -Infinity);
  return new Map(
    prometheus.map((one) => {
      const scrape = one.newestScrape;
      if (scrape === undefined) return [one, undefined];
      const lag = (newest - scrape) * 1000;
      // Alone, it is measured by its own clock, as the time of its answer tells it.
      const age = now + one.upstream.clockAhead - scrape * 1000;
      if (lag <= BEHIND_MS && (scrapes.length > 1 || age <= BEHIND_MS)) return [one, undefined];
      const seconds = Math.floor(Math.max(lag, scrapes.length > 1 ? 0 : age) / 1000) * 1000;
      return [one, `its newest scrape is ${formatDuration(seconds)} old`];
    }),
  );
}
