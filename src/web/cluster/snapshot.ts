import { matchesAll, parseMatcher, type LabelSet } from '../../alertmanager-api/matcher.ts';
import { PrometheusCollector } from '../collect/prometheus.ts';
import type { Upstream } from '../collect/upstream.ts';
import type { ClusterConfig, WebConfigFile } from '../config/schema.ts';
import { mergeAlerts } from '../merge/alerts.ts';
import { mergeFailing, type FailingTold } from '../merge/failing.ts';
import { mergeNodes, type NodesTold } from '../merge/nodes.ts';
import { comparePipeline, isLeaking } from '../merge/pipeline.ts';
import { listProblems } from '../merge/problems.ts';
import { mergeSilences } from '../merge/silences.ts';
import { usableOf, type Freshness } from '../merge/usable.ts';
import type {
  ClusterAlert,
  ClusterSnapshot,
  Pipeline,
  ResolvedAlert,
  UpstreamView,
} from '../model/cluster.ts';
import { behindOf } from './behind.ts';
import type { Collected } from './collected.ts';
import { warningsOf } from './warnings.ts';

interface BuilderOptions {
  readonly cluster: ClusterConfig;
  readonly config: WebConfigFile;
  readonly now: () => number;
}

/** Alerts that went away are shown for so long, and so many. */
const RESOLVED = { forMs: 30 * 60_000, count: 2_000 };

/** Merges what the servers of a cluster said; remembers what a single snapshot cannot tell. */
export class SnapshotBuilder {
  readonly #options: BuilderOptions;
  readonly #isWatchdog: ((labels: LabelSet) => boolean) | undefined;
  #generation = 0;
  #firstSeen = new Map<string, number>();
  #alerts: ReadonlyMap<string, ClusterAlert> = new Map();
  #resolved: readonly ResolvedAlert[] = [];
  #missingSince: number | undefined;

  constructor(options: BuilderOptions) {
    this.#options = options;
    const matchers = options.cluster.watchdog?.map((text) => parseMatcher(text));
    this.#isWatchdog = matchers && ((labels) => matchesAll(matchers, labels));
  }

  build(collected: Collected): ClusterSnapshot {
    const { cluster, config } = this.#options;
    const { alertmanagers, prometheus } = collected;
    const freshness = { now: this.#options.now(), freshFor: freshFor(collected, config.refresh.max_share) };
    const { alerts, newest } = this.#mergeAlerts(collected, freshness);
    const isFresh = newest !== undefined && freshness.now - newest <= freshness.freshFor;
    this.#remember(alerts, isFresh, freshness.now);

    const behind = behindOf(prometheus, freshness.now);
    const isWatchdog = this.#isWatchdog ?? (() => false);
    const hasWatchdog =
      this.#isWatchdog === undefined || [...alerts.values()].some((alert) => isWatchdog(alert.labels));
    const pipeline = this.#pipeline(prometheus, alerts, freshness.now);
    const labelSets = [...alerts.values()].map(({ labels }) => labels);
    const upstreams = [...prometheus, ...alertmanagers].map((one) =>
      viewOf(one.upstream, one instanceof PrometheusCollector ? behind.get(one) : undefined),
    );
    const silencesTold = alertmanagers.map((one) => ({ name: one.upstream.name, known: one.silences }));
    return {
      name: cluster.name,
      title: cluster.title ?? cluster.name,
      generation: (this.#generation += 1),
      upstreams,
      problems: listProblems({
        cluster: cluster.name,
        alerts: alerts.values(),
        failing: mergeFailing(
          prometheus.map((one) => failingTold(one, behind)),
          config.labels,
        ),
        names: config.labels,
        isWatchdog,
      }),
      alerts,
      silences: mergeSilences(silencesTold, labelSets, freshness),
      nodes: mergeNodes(
        cluster.name,
        prometheus.map((one) => nodesTold(one, behind, freshness)),
        config.labels,
      ),
      asOf: {
        alerts: newest,
        silences: newestOf(usableOf(silencesTold, freshness)),
        ...asOfPrometheus(prometheus),
      },
      isFresh,
      pipeline,
      warnings: warningsOf({
        collected,
        upstreams,
        pipeline,
        isFresh,
        newest,
        now: freshness.now,
        hasWatchdog,
      }),
      resolved: this.#resolved,
    };
  }

  #mergeAlerts({ alertmanagers, interval }: Collected, freshness: Freshness) {
    const told = alertmanagers.map((one) => ({ name: one.upstream.name, known: one.alerts }));
    const alerts = mergeAlerts(told, {
      ...freshness,
      firstSeen: (fingerprint) => this.#firstSeen.get(fingerprint),
      patience: 2 * interval,
    });
    return { alerts, newest: newestOf(usableOf(told, freshness)) };
  }

  #remember(alerts: ReadonlyMap<string, ClusterAlert>, isFresh: boolean, now: number): void {
    const firstSeen = new Map<string, number>();
    for (const fingerprint of alerts.keys()) {
      firstSeen.set(fingerprint, this.#firstSeen.get(fingerprint) ?? now);
    }
    this.#firstSeen = firstSeen;
    if (isFresh) {
      const gone = [...this.#alerts.values()].filter(({ fingerprint }) => !alerts.has(fingerprint));
      this.#resolved = [...gone.map((alert) => ({ alert, at: now })), ...this.#resolved]
        .filter(({ alert, at }) => now - at < RESOLVED.forMs && !alerts.has(alert.fingerprint))
        .slice(0, RESOLVED.count);
    }
    this.#alerts = alerts;
  }

  #pipeline(
    prometheus: readonly PrometheusCollector[],
    alerts: ReadonlyMap<string, ClusterAlert>,
    now: number,
  ): Pipeline {
    const counted = comparePipeline(
      prometheus.map((one) => one.known('alerts')),
      alerts.values(),
    );
    this.#missingSince = isLeaking(counted) ? (this.#missingSince ?? now) : undefined;
    return { ...counted, missingSince: this.#missingSince };
  }
}

type Behind = ReadonlyMap<PrometheusCollector, string | undefined>;

function failingTold(one: PrometheusCollector, behind: Behind): FailingTold {
  const isBehind = behind.get(one) !== undefined;
  return { isBehind, problems: one.known('problem'), executed: one.known('problem_executed') };
}

function nodesTold(one: PrometheusCollector, behind: Behind, freshness: Freshness): NodesTold {
  return {
    name: one.upstream.name,
    isFresh: behind.get(one) === undefined && isRecent(one, freshness),
    nodes: one.known('nodes'),
    down: one.known('down'),
    knownChecks: one.known('known_checks'),
  };
}

// A list that takes long is asked for less often, and is as fresh as it can be.
function freshFor({ alertmanagers, interval }: Collected, maxShare: number): number {
  const latencies = alertmanagers.map(({ upstream }) => upstream.latency).filter(Number.isFinite);
  return 3 * Math.max(interval, ...latencies.map((latency) => latency / maxShare));
}

function isRecent(one: PrometheusCollector, { now, freshFor: bound }: Freshness): boolean {
  const at = Math.max(one.known('nodes')?.at ?? 0, one.known('down')?.at ?? 0);
  return now - at <= Math.max(bound, 3 * 60_000);
}

function newestOf(usable: readonly { readonly known: { readonly at: number } }[]): number | undefined {
  return usable.length === 0 ? undefined : Math.max(...usable.map(({ known }) => known.at));
}

function asOfPrometheus(prometheus: readonly PrometheusCollector[]) {
  return { failing: newestKnown(prometheus, 'problem'), nodes: newestKnown(prometheus, 'nodes') };
}

function newestKnown(
  prometheus: readonly PrometheusCollector[],
  question: 'problem' | 'nodes',
): number | undefined {
  const times = prometheus.flatMap((one) => one.known(question)?.at ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function viewOf(upstream: Upstream, behind: string | undefined): UpstreamView {
  const { kind, name, externalUrl, version, lastAnswerAt, failure, clockAhead } = upstream;
  return { kind, name, externalUrl, version, lastAnswerAt, failure, clockAhead, behind };
}
