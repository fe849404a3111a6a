import { nodeVersion, version } from '../../platform/file/package-files.ts';
import type { ConfigurationSnapshot } from '../../platform/config/reloads.ts';
import type { AlertmanagerSnapshot, PageSnapshot } from '../api/page/snapshot.ts';
import type { BuiltAlertmanagers } from './alertmanagers.ts';
import type { Engine, Generation } from './engine.ts';
import type { RecentEnrichments } from '../activity/recent-enrichments.ts';
import type { RecentOverload } from '../activity/recent-overload.ts';
import type { RecentRefusals } from '../activity/recent-refusals.ts';
import type { RecentSenders } from '../activity/recent-senders.ts';

/** What a page snapshot is taken from. Times in milliseconds since 1970. */
export interface PageSources {
  readonly generation: Generation | undefined;
  readonly historyOf: Engine['historyOf'];
  readonly recent: RecentEnrichments;
  readonly overload: RecentOverload;
  readonly senders: RecentSenders;
  readonly refusals: RecentRefusals;
  readonly configuration: ConfigurationSnapshot;
  readonly isReady: boolean;
  readonly startedAt: number;
  readonly now: number;
}

/** Of an Alertmanager before the first attempt. */
const NOTHING_SENT = {
  isFailing: false,
  lastAcceptedAt: undefined,
  lastError: undefined,
  latency: undefined,
};

/** Takes a snapshot of everything that the page shows. */
export function takePageSnapshot({
  generation,
  historyOf,
  recent,
  overload,
  senders,
  refusals,
  configuration,
  isReady,
  startedAt,
  now,
}: PageSources): PageSnapshot {
  return {
    now,
    isReady,
    overload: overload.summary(),
    senders: senders.list(),
    refusals: refusals.list(),
    alertmanagers: alertmanagersOf(generation?.alertmanagers ?? [], historyOf),
    sources: (generation?.rules ?? []).map(({ rule, activity, storm, breaker }) => ({
      ...activity.summary(),
      name: rule.source,
      isStormy: storm.isRaging,
      openCircuits: breaker.openCircuits(),
    })),
    enrichments: recent.list(),
    configuration,
    build: { version, nodeVersion, startedAt },
  };
}

function alertmanagersOf(
  entries: readonly BuiltAlertmanagers[],
  historyOf: Engine['historyOf'],
): AlertmanagerSnapshot[] {
  // Several entries of the configuration may name the same Alertmanager.
  const loops = new Map(
    entries.flatMap(({ set, tenant }) => set.loops.map((loop) => [loop, tenant] as const)),
  );
  const urls = [...loops.keys()].map(({ url }) => url);
  return [...loops].map(([loop, tenant]) => ({
    ...(historyOf(loop)?.summary() ?? NOTHING_SENT),
    url: loop.url,
    tenant: urls.indexOf(loop.url) < urls.lastIndexOf(loop.url) ? tenant : undefined,
    queuedAlerts: loop.queuedAlerts,
  }));
}
