import type { BuiltAlertmanagers } from './alertmanagers.ts';
import type { OpenConnections } from '../../platform/web/connection-limit.ts';
import type { Engine, Generation } from './engine.ts';
import type { RecentSenders } from '../activity/recent-senders.ts';
import type { Gauged } from '../metrics/gauges.ts';

/** The gauge readings of an engine, which are zero before the first configuration, and of the listeners. */
export function gaugeReadings(
  engine: () => Engine,
  senders: RecentSenders,
  listeners: () => readonly OpenConnections[],
): Gauged {
  const current = (): Generation | undefined => engine().current;
  return {
    fetchesInFlight: () => current()?.totalLimit.underWay ?? 0,
    cacheEntries: () => current()?.cache.entries ?? 0,
    cacheBytes: () => current()?.cache.bytes ?? 0,
    pendingBatches: () => current()?.admission.pending ?? 0,
    waitingBatches: () => current()?.admission.waiting ?? 0,
    openHosts: () =>
      new Map<string, number>(
        (current()?.rules ?? []).map(({ rule, breaker }) => [rule.source, breaker.openCircuits().length]),
      ),
    queuedAlerts: () => engine().queuedAlerts(),
    acceptingAlertmanagers: () =>
      acceptingOf(current()?.alertmanagers ?? [], (loop) => engine().historyOf(loop)),
    lastBatchAt: () => senders.lastBatchAt,
    openConnections: () => sum(listeners().map(({ open }) => open)),
    maxConnections: () => sum(listeners().map(({ limit }) => limit)),
  };
}

// Tenants share a URL: it accepts if it does for each of them.
function acceptingOf(
  entries: readonly BuiltAlertmanagers[],
  historyOf: Engine['historyOf'],
): ReadonlyMap<string, boolean> {
  const accepting = new Map<string, boolean>();
  for (const loop of entries.flatMap(({ set }) => set.loops)) {
    const isFailing = historyOf(loop)?.summary().isFailing === true;
    accepting.set(loop.url, (accepting.get(loop.url) ?? true) && !isFailing);
  }
  return accepting;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
