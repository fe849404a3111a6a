import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { version } from '../../platform/file/package-files.ts';
import type { ClusterObserver } from '../cluster/cluster.ts';
import type { ClusterSnapshot } from '../model/cluster.ts';
import { countNodes, countProblems } from '../query/counts.ts';

/** What the page counts of itself and of its clusters. */
export interface WebMetrics {
  readonly observer: ClusterObserver;
  readonly reloaded: (isSuccessful: boolean) => void;
  readonly pageAnswered: (page: string, code: number, seconds: number) => void;
  readonly detailsFetched: (source: string, reason: string) => void;
  readonly silenceChanged: (cluster: string, action: string, result: string) => void;
}

/** Registers them; gauges read the snapshots when they are scraped. */
export function createWebMetrics(
  registry: Registry,
  snapshots: () => readonly ClusterSnapshot[],
): WebMetrics {
  const named = <T extends string>(name: string, help: string, labelNames: readonly T[]) => ({
    name: `alertmanager_proxy_web_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  const requests = new Counter(
    named('upstream_requests_total', 'Requests to upstreams.', ['cluster', 'upstream', 'kind', 'result']),
  );
  const durations = new Histogram(
    named('upstream_duration_seconds', 'How long upstreams took.', ['cluster', 'kind']),
  );
  const malformed = new Counter(
    named('bad_elements_total', 'Elements of lists that could not be used.', ['cluster', 'kind']),
  );
  const pages = new Counter(named('pages_total', 'Requests answered.', ['page', 'code']));
  const pageDurations = new Histogram(named('page_duration_seconds', 'How long pages took.', ['page']));
  const changes = new Counter(
    named('silence_changes_total', 'Changes of silences.', ['cluster', 'action', 'result']),
  );
  const fetches = new Counter(named('details_fetches_total', 'Questions to agents.', ['source', 'reason']));
  const reloads = new Gauge(named('config_last_reload_successful', 'Whether the last reload worked.', []));
  const reloadedAt = new Gauge(
    named('config_last_reload_success_timestamp_seconds', 'When a configuration was last loaded.', []),
  );
  new Gauge(named('build_info', 'Version of this program.', ['version'])).set({ version }, 1);
  registerGauges(named, snapshots);
  return {
    observer: {
      asked: (cluster, upstream, kind, result, seconds) => {
        requests.inc({ cluster, upstream, kind, result });
        durations.observe({ cluster, kind }, seconds);
      },
      malformed: (cluster, kind, count) => {
        malformed.inc({ cluster, kind }, count);
      },
    },
    reloaded: (isSuccessful) => {
      reloads.set(isSuccessful ? 1 : 0);
      if (isSuccessful) reloadedAt.setToCurrentTime();
    },
    pageAnswered: (page, code, seconds) => {
      pages.inc({ page, code });
      pageDurations.observe({ page }, seconds);
    },
    detailsFetched: (source, reason) => {
      fetches.inc({ source, reason });
    },
    silenceChanged: (cluster, action, result) => {
      changes.inc({ cluster, action, result });
    },
  };
}

type Named = <T extends string>(
  name: string,
  help: string,
  labelNames: readonly T[],
) => { name: string; help: string; labelNames: readonly T[]; registers: Registry[] };

/** Of one cluster: the values of a gauge by its second label. */
type Reading = (snapshot: ClusterSnapshot) => Readonly<Record<string, number>>;

function registerGauges(named: Named, snapshots: () => readonly ClusterSnapshot[]): void {
  const gauge = (name: string, help: string, label: string, read: Reading): void => {
    new Gauge({
      ...named(name, help, ['cluster', label]),
      collect() {
        this.reset();
        for (const snapshot of snapshots()) {
          for (const [value, count] of Object.entries(read(snapshot))) {
            this.set({ cluster: snapshot.name, [label]: value }, count);
          }
        }
      },
    });
  };
  gauge('upstream_up', 'Whether an upstream answers.', 'upstream', ({ upstreams }) =>
    Object.fromEntries(upstreams.map(({ name, failure }) => [name, failure === undefined ? 1 : 0])),
  );
  gauge('data_timestamp_seconds', 'When the data shown arrived.', 'kind', ({ asOf }) =>
    Object.fromEntries(
      Object.entries(asOf).flatMap(([kind, at]) => (at === undefined ? [] : [[kind, at / 1000]])),
    ),
  );
  gauge('alerts', 'Problems by state.', 'state', ({ problems }) => {
    const { unhandled, silenced, inhibited, noAlert } = countProblems(problems);
    const { critical, warning, unknown, other } = unhandled;
    return {
      unhandled: critical + warning + unknown + other - noAlert,
      silenced,
      inhibited,
      no_alert: noAlert,
    };
  });
  gauge('nodes', 'Nodes by state.', 'state', countNodes);
  gauge(
    'failing_checks',
    'Unhandled problems by status.',
    'status',
    ({ problems }) => countProblems(problems).unhandled,
  );
  gauge('silences', 'Silences by state.', 'state', ({ silences }) => {
    const count = (state: string): number => silences.filter((silence) => silence.state === state).length;
    return { active: count('active'), pending: count('pending'), expired: count('expired') };
  });
  gauge('pipeline_missing_alerts', 'Alerts that fire and no Alertmanager knows.', 'kind', ({ pipeline }) => ({
    missing: pipeline.missing,
  }));
  gauge('cut', 'Whether a list is not whole.', 'kind', ({ warnings }) => ({
    lists: warnings.filter(({ kind }) => kind === 'cut').length,
  }));
}
