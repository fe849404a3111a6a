import { collectDefaultMetrics, Counter, Gauge, Registry, Summary } from 'prom-client';
import { version } from '../../platform/file/package-files.ts';
import type { MetricType } from '../exposition/metric-family.ts';

/** Why a push was refused. */
export const PUSH_FAILURES = [
  'path',
  'unreadable',
  'inconsistent',
  'full',
  'too_large',
  'storage',
  'forbidden',
] as const;

export type PushFailure = (typeof PUSH_FAILURES)[number];

/** The gateway's own metrics, by the names of the Pushgateway where it has them (its handler/misc.go and main.go). */
export interface PushgatewayMetrics {
  readonly registry: Registry;
  /** Counts an answered request. */
  countRequest(request: { handler: string; code: number; method: string }): void;
  /** Begins to measure a push; the returned function ends it. */
  startPush(method: string): () => void;
  observePushSize(method: string, bytes: number): void;
  countPushFailure(reason: PushFailure): void;
  /** Notes a write to the storage: how long it took, or that it failed. */
  noteCommit(outcome: { readonly seconds: number } | { readonly error: unknown }): void;
  countCorrupt(records: number): void;
  countResults(result: ResultCount, count: number): void;
  countExpired(kind: 'group' | 'check' | 'client', count: number): void;
}

/** What became of a pushed check result. */
export type ResultCount = (typeof RESULT_COUNTS)[number];

export interface Readings {
  readonly groups: () => number;
  readonly series: () => number;
  readonly clients: () => number;
  readonly checks: () => number;
}

const RESULT_COUNTS = ['stored', 'older', 'invalid', 'refused'] as const;

const QUANTILES = [0.1, 0.5, 0.9];

export function createPushgatewayMetrics(readings: Readings): PushgatewayMetrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const registers = [registry];
  new Gauge({
    name: 'pushgateway_build_info',
    help: 'Always 1, with the version.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const requests = new Counter({
    name: 'pushgateway_http_requests_total',
    help: 'Total HTTP requests processed by the Pushgateway, excluding scrapes.',
    labelNames: ['handler', 'code', 'method'],
    registers,
  });
  const size = createSummary(
    registry,
    'pushgateway_http_push_size_bytes',
    'HTTP request size for pushes to the Pushgateway.',
  );
  const duration = createSummary(
    registry,
    'pushgateway_http_push_duration_seconds',
    'HTTP request duration for pushes to the Pushgateway.',
  );
  const failures = new Counter({
    name: 'pushgateway_push_failures_total',
    help: 'Pushes that were refused.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of PUSH_FAILURES) failures.inc({ reason }, 0);
  gauge(registry, 'pushgateway_groups', 'Groups of pushed metrics.', readings.groups);
  gauge(
    registry,
    'pushgateway_series',
    'Pushed metrics in these groups; a histogram counts once.',
    readings.series,
  );
  gauge(registry, 'pushgateway_clients', 'Clients that push check results.', readings.clients);
  gauge(registry, 'pushgateway_checks', 'Checks of which a result is known.', readings.checks);
  return {
    registry,
    countRequest({ handler, code, method }) {
      requests.inc({ handler, code: String(code), method: method.toLowerCase() });
    },
    startPush: (method) => duration.startTimer({ method: method.toLowerCase() }),
    observePushSize(method, bytes) {
      size.observe({ method: method.toLowerCase() }, bytes);
    },
    countPushFailure(reason) {
      failures.inc({ reason });
    },
    ...createResultMetrics(registry),
    ...createStorageMetrics(registry),
  };
}

/** The families that a registry exposes, so that no push can say otherwise. */
export function typesOf(registry: Registry): ReadonlyMap<string, MetricType> {
  return new Map(
    registry.getMetricsAsArray().map((metric): [string, MetricType] => [metric.name, typeOf(metric)]),
  );
}

function createResultMetrics(registry: Registry): Pick<PushgatewayMetrics, 'countResults'> {
  const results = new Counter({
    name: 'pushgateway_results_total',
    help: 'Pushed check results by what became of them.',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of RESULT_COUNTS) results.inc({ result }, 0);
  return {
    countResults(result, count) {
      results.inc({ result }, count);
    },
  };
}

function createStorageMetrics(
  registry: Registry,
): Pick<PushgatewayMetrics, 'noteCommit' | 'countCorrupt' | 'countExpired'> {
  const registers = [registry];
  const commits = new Summary({
    name: 'pushgateway_storage_commit_duration_seconds',
    help: 'How long the disk took for a write of one or more pushes.',
    percentiles: QUANTILES,
    registers,
  });
  const errors = new Counter({
    name: 'pushgateway_storage_errors_total',
    help: 'Writes that the disk did not take.',
    registers,
  });
  const corrupt = new Counter({
    name: 'pushgateway_storage_corrupt_total',
    help: 'Records of the storage that could not be read.',
    registers,
  });
  const expired = new Counter({
    name: 'pushgateway_expired_total',
    help: 'What went because nothing more was pushed.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of ['group', 'check', 'client']) expired.inc({ kind }, 0);
  return {
    noteCommit(outcome) {
      if ('seconds' in outcome) commits.observe(outcome.seconds);
      else errors.inc();
    },
    countCorrupt(records) {
      corrupt.inc(records);
    },
    countExpired(kind, count) {
      expired.inc({ kind }, count);
    },
  };
}

function typeOf(metric: object): MetricType {
  if (metric instanceof Counter) return 'counter';
  if (metric instanceof Summary) return 'summary';
  return metric instanceof Gauge ? 'gauge' : 'histogram';
}

function createSummary(registry: Registry, name: string, help: string): Summary<'method'> {
  return new Summary({ name, help, labelNames: ['method'], percentiles: QUANTILES, registers: [registry] });
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
