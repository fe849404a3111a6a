import type { Engine, Generation } from './engine.ts';
import type { Gauged } from '../metrics/gauges.ts';

/** The gauge readings of an engine; zero before the first configuration. */
export function gaugeReadings(engine: () => Engine): Gauged {
  const current = (): Generation | undefined => engine().current;
  return {
    fetchesInFlight: () => current()?.totalLimit.underWay ?? 0,
    cacheEntries: () => current()?.cache.entries ?? 0,
    cacheBytes: () => current()?.cache.bytes ?? 0,
    pendingBatches: () => current()?.admission.pending ?? 0,
    openHosts: () =>
      new Map<string, number>(
        (current()?.rules ?? []).map(({ rule, breaker }) => [rule.source, breaker.openCircuits().length]),
      ),
    queuedAlerts: () => engine().queuedAlerts(),
  };
}
