import { formatDuration } from '../../platform/time/duration.ts';
import type { ClusterWarning, Pipeline, UpstreamView } from '../model/cluster.ts';
import type { Collected } from './collected.ts';

interface WarningsOptions {
  readonly collected: Collected;
  readonly upstreams: readonly UpstreamView[];
  readonly pipeline: Pipeline;
  readonly isFresh: boolean;
  /** When the newest list of alerts arrived. */
  readonly newest: number | undefined;
  readonly now: number;
  /** Whether the alert that always fires is there, or none is configured. */
  readonly hasWatchdog: boolean;
}

/** Alerts that do not get through are told after so long: Prometheus sends each minute. */
const LEAK_PATIENCE_MS = 2 * 60_000;
const CLOCK_TOLERANCE_MS = 60_000;

/** What a reader should know before the rows of a cluster, the worst first. */
export function warningsOf(options: WarningsOptions): ClusterWarning[] {
  return [
    ...dataWarnings(options),
    ...upstreamWarnings(options),
    ...pipelineWarnings(options),
    ...gossipWarnings(options.collected),
    ...cutWarnings(options.collected),
    ...options.collected.prometheus.flatMap(({ warnings, upstream }): ClusterWarning[] =>
      warnings.slice(0, 3).map((text) => ({ kind: 'query', sentence: `${upstream.name} warns: ${text}` })),
    ),
  ];
}

function dataWarnings({ upstreams, isFresh, newest, now }: WarningsOptions): ClusterWarning[] {
  if (isFresh) return [];
  const members = upstreams.filter(({ kind }) => kind === 'alertmanager');
  const failing = members.filter(({ failure }) => failure !== undefined);
  const names = failing.map(({ name }) => name).join(' and ');
  const reason = failing[0]?.failure?.detail;
  const why = reason === undefined ? '' : ` (${reason})`;
  if (newest === undefined) {
    const tried =
      failing.length === 0 ? 'Nothing is known yet.' : `Nothing is known yet: no answer from ${names}${why}.`;
    return [{ kind: 'no_data', sentence: tried }];
  }
  const since = Math.min(...failing.map(({ failure }) => failure?.since ?? now), now);
  const age = formatDuration(Math.floor((now - since) / 1000) * 1000);
  const silent = failing.length === 0 ? 'No new answer' : `No answer from ${names} for ${age}${why}`;
  return [{ kind: 'old_data', sentence: `${silent}. What was known then is shown.` }];
}

function upstreamWarnings({ upstreams, isFresh }: WarningsOptions): ClusterWarning[] {
  return upstreams.flatMap(({ kind, name, failure, behind, clockAhead }): ClusterWarning[] => {
    const found: ClusterWarning[] = [];
    // The sentence on old data has named it.
    if (failure !== undefined && (isFresh || kind === 'prometheus')) {
      found.push({ kind: 'upstream', sentence: `${name} does not answer (${failure.detail}).` });
    }
    if (behind !== undefined) found.push({ kind: 'upstream', sentence: `${name} is behind: ${behind}.` });
    if (failure === undefined && Math.abs(clockAhead) > CLOCK_TOLERANCE_MS) {
      const by = formatDuration(Math.round(Math.abs(clockAhead) / 1000) * 1000);
      const way = clockAhead > 0 ? 'ahead of' : 'behind';
      found.push({ kind: 'clock', sentence: `The clock of ${name} is ${by} ${way} this one.` });
    }
    return found;
  });
}

function pipelineWarnings({ pipeline, now, hasWatchdog, isFresh }: WarningsOptions): ClusterWarning[] {
  const { firing, known, missing, missingSince } = pipeline;
  const found: ClusterWarning[] = [];
  if (isFresh && missingSince !== undefined && now - missingSince >= LEAK_PATIENCE_MS) {
    const sentence = `Prometheus fires ${firing ?? 0}, Alertmanager knows ${known}: ${missing} do not get through. Look at the proxy.`;
    found.push({ kind: 'pipeline', sentence });
  }
  if (isFresh && !hasWatchdog) {
    found.push({ kind: 'watchdog', sentence: 'The watchdog alert is missing: alerts may not get through.' });
  }
  return found;
}

// Kubernetes makes it easy to run a set whose members never find each other (kubermatic #14157).
function gossipWarnings({ alertmanagers }: Collected): ClusterWarning[] {
  if (!isSplit(alertmanagers.map(({ gossip }) => gossip?.peers))) return [];
  const sentence =
    'The Alertmanagers do not gossip with each other: a silence holds only where it was written.';
  return [{ kind: 'gossip', sentence }];
}

/** Whether these members see different peers; undefined is a member that has not said. */
export function isSplit(peers: readonly (readonly string[] | undefined)[]): boolean {
  const told = peers.filter((one) => one !== undefined);
  return told.some((one, index) =>
    told.slice(index + 1).some((other) => !one.some((address) => other.includes(address))),
  );
}

function cutWarnings({ alertmanagers, prometheus }: Collected): ClusterWarning[] {
  const lists = [
    ...alertmanagers.flatMap((one) => [
      { name: one.upstream.name, what: 'alerts', cut: one.alerts?.cut },
      { name: one.upstream.name, what: 'silences', cut: one.silences?.cut },
    ]),
    ...prometheus.flatMap((one) => [
      { name: one.upstream.name, what: 'failing checks', cut: one.known('problem')?.cut },
      { name: one.upstream.name, what: 'nodes', cut: one.known('nodes')?.cut },
    ]),
  ].filter(({ cut }) => cut !== undefined);
  return lists.map(({ name, what, cut }) => ({
    kind: 'cut',
    sentence: `The list of ${what} of ${name} is cut: ${cut ?? ''}.`,
  }));
}
