import { Counter, Gauge, Histogram, collectDefaultMetrics, type Registry } from 'prom-client';
import { nodeVersion, version } from '../platform/version.ts';
import type { SendObserver } from './alertmanager/send-loop.ts';
import { CACHE_STATES } from './enrich/cache-state.ts';
import type { LookupResult } from './enrich/lookup.ts';
import { NEVER_FETCHED, REASONS } from './enrich/reason.ts';
import type { AlertResult, ResultCounts } from './enrich/result-counts.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Finer where it matters: most deadlines and timeouts add up to 5 to 9 s, and Prometheus gives up at 10 s. */
const BATCH_SECONDS = [...SECONDS.filter((bound) => bound < 10), 6, 7, 8, 9, 10];
/** Those that an alert of a source can have: unmatched ones are of none. */
const RESULTS = [...CACHE_STATES, 'skipped'] as const satisfies readonly AlertResult[];
/** Those that somebody looks at: they exist before they happen, so that a first time shows as an increase. */
const ANSWER_CODES = ['200', '400', '401', '403', '413', '415', '502', '503'];
const FETCH_ENDS = ['ok', ...REASONS.filter((reason) => !NEVER_FETCHED.has(reason))] as const;

/** What is read when somebody scrapes. */
export interface Gauged {
  fetchesInFlight(): number;
  cacheEntries(): number;
  cacheBytes(): number;
  pendingBatches(): number;
  /** Hosts left alone, per source. */
  openHosts(): ReadonlyMap<string, number>;
  /** Alerts in the queues to each Alertmanager. */
  queuedAlerts(): ReadonlyMap<string, number>;
}

/** Tells the metrics what happens; the names are listed in docs/metrics.md. */
export interface ProxyMetrics {
  readonly received: (alerts: number, malformed: number) => void;
  readonly batchAnswered: (code: number, seconds: number) => void;
  readonly alertsEnriched: (counts: ResultCounts) => void;
  /** The sources in force: creates the series of new ones at zero, and removes those of all others. */
  readonly followSources: (sources: readonly string[]) => void;
  readonly fetched: (source: string, result: LookupResult<unknown>, seconds: number) => void;
  /** Creates the series of an Alertmanager at zero. */
  readonly sendObserver: (alertmanager: string) => SendObserver;
  readonly removeAlertmanager: (alertmanager: string) => void;
  readonly reloaded: (isSuccessful: boolean) => void;
}

/** Registers the metrics of the proxy, and those of the process. */
export function createProxyMetrics(registry: Registry, gauged: Gauged): ProxyMetrics {
  collectDefaultMetrics({ register: registry });
  registerGauges(registry, gauged);
  return {
    ...createBatchMetrics(registry),
    ...createSourceMetrics(registry),
    ...createSendMetrics(registry),
    ...createReloadMetrics(registry),
  };
}

function createBatchMetrics(registry: Registry): Pick<ProxyMetrics, 'received' | 'batchAnswered'> {
  const received = new Counter(named(registry, 'alerts_received_total', 'Alerts received and well-formed.'));
  const malformed = new Counter(
    named(registry, 'alerts_malformed_total', 'Alerts left out because Alertmanager would refuse them.'),
  );
  const batches = new Counter({
    ...named(registry, 'batches_total', 'Batches answered, by HTTP status code.'),
    labelNames: ['code'],
  });
  const duration = new Histogram({
    ...named(registry, 'batch_duration_seconds', 'Time from the last byte of a batch to its answer.'),
    buckets: BATCH_SECONDS,
  });
  for (const code of ANSWER_CODES) batches.inc({ code }, 0);
  return {
    received: (alerts, malformedAlerts) => {
      received.inc(alerts);
      malformed.inc(malformedAlerts);
    },
    batchAnswered: (code, seconds) => {
      batches.inc({ code: String(code) });
      duration.observe(seconds);
    },
  };
}

function createSourceMetrics(
  registry: Registry,
): Pick<ProxyMetrics, 'alertsEnriched' | 'followSources' | 'fetched'> {
  const { enriched, failures, fetches, duration } = registerSourceSeries(registry);
  // What is under way for a source that has gone must not bring its series back. Unmatched alerts have none.
  const inForce = new Set(['']);
  const add = (source: string): void => {
    inForce.add(source);
    for (const result of RESULTS) enriched.inc({ source, result }, 0);
    for (const reason of REASONS) failures.inc({ source, reason }, 0);
    for (const reason of FETCH_ENDS) fetches.inc({ source, reason }, 0);
  };
  const remove = (source: string): void => {
    inForce.delete(source);
    for (const result of RESULTS) enriched.remove({ source, result });
    for (const reason of REASONS) failures.remove({ source, reason });
    for (const reason of FETCH_ENDS) fetches.remove({ source, reason });
    duration.remove({ source });
  };
  return {
    alertsEnriched: ({ results, reasons }) => {
      for (const [source, counts] of results) {
        if (!inForce.has(source)) continue;
        for (const [result, count] of counts) enriched.inc({ source, result }, count);
      }
      for (const [source, counts] of reasons) {
        if (!inForce.has(source)) continue;
        for (const [reason, count] of counts) failures.inc({ source, reason }, count);
      }
    },
    followSources: (sources) => {
      for (const source of inForce) if (source !== '' && !sources.includes(source)) remove(source);
      for (const source of sources) if (!inForce.has(source)) add(source);
    },
    fetched: (source, result, seconds) => {
      if (!inForce.has(source)) return;
      fetches.inc({ source, reason: result.ok ? 'ok' : result.reason });
      duration.observe({ source }, seconds);
    },
  };
}

function registerSourceSeries(registry: Registry) {
  const counter = <Label extends string>(
    name: string,
    help: string,
    label: Label,
  ): Counter<'source' | Label> =>
    new Counter({ ...named(registry, name, help), labelNames: ['source', label] });
  return {
    enriched: counter(
      'alerts_enriched_total',
      'Alerts by source and by what they carry; unmatched ones have no source.',
      'result',
    ),
    failures: counter(
      'enrichment_failures_total',
      'Alerts without fresh output, by the reason that they carry.',
      'reason',
    ),
    fetches: counter('fetches_total', 'Fetches from a source, by reason of failure, or ok.', 'reason'),
    duration: new Histogram({
      ...named(registry, 'fetch_duration_seconds', 'Time of one fetch.'),
      labelNames: ['source'],
      buckets: SECONDS,
    }),
  };
}

function createSendMetrics(registry: Registry): Pick<ProxyMetrics, 'sendObserver' | 'removeAlertmanager'> {
  const labelNames = ['alertmanager'] as const;
  const sent = new Counter({
    ...named(registry, 'alertmanager_sent_total', 'Alerts that the Alertmanager accepted.'),
    labelNames,
  });
  const errors = new Counter({
    ...named(
      registry,
      'alertmanager_errors_total',
      'Alerts in attempts that the Alertmanager did not accept.',
    ),
    labelNames,
  });
  const dropped = new Counter({
    ...named(
      registry,
      'alertmanager_dropped_total',
      'Alerts given up: the queue was full, they expired, or the Alertmanager refused them.',
    ),
    labelNames,
  });
  const latency = new Histogram({
    ...named(registry, 'alertmanager_latency_seconds', 'Time of one accepted POST.'),
    labelNames,
    buckets: SECONDS,
  });
  return {
    sendObserver: (alertmanager) => {
      for (const counter of [sent, errors, dropped]) counter.inc({ alertmanager }, 0);
      return {
        sent: (alerts, seconds) => {
          sent.inc({ alertmanager }, alerts);
          latency.observe({ alertmanager }, seconds);
        },
        failed: (alerts) => {
          errors.inc({ alertmanager }, alerts);
        },
        dropped: (alerts) => {
          dropped.inc({ alertmanager }, alerts);
        },
      };
    },
    removeAlertmanager: (alertmanager) => {
      for (const metric of [sent, errors, dropped, latency]) metric.remove({ alertmanager });
    },
  };
}

function createReloadMetrics(registry: Registry): Pick<ProxyMetrics, 'reloaded'> {
  const successful = new Gauge(
    named(registry, 'config_last_reload_successful', 'Whether the last configuration reload worked.'),
  );
  const timestamp = new Gauge(
    named(registry, 'config_last_reload_success_timestamp_seconds', 'When a configuration was last loaded.'),
  );
  return {
    reloaded: (isSuccessful) => {
      successful.set(isSuccessful ? 1 : 0);
      if (isSuccessful) timestamp.setToCurrentTime();
    },
  };
}

function registerGauges(registry: Registry, gauged: Gauged): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      ...named(registry, name, help),
      collect() {
        this.set(read());
      },
    });
  };
  gauge('fetches_in_flight', 'Fetches under way.', () => gauged.fetchesInFlight());
  gauge('cache_entries', 'Checks whose last output or failure is remembered.', () => gauged.cacheEntries());
  gauge('cache_bytes', 'Estimated memory of the cache.', () => gauged.cacheBytes());
  gauge('batches_pending', 'Batches received and not yet answered.', () => gauged.pendingBatches());
  const gauges = (
    name: string,
    help: string,
    label: string,
    read: () => ReadonlyMap<string, number>,
  ): void => {
    new Gauge({
      ...named(registry, name, help),
      labelNames: [label],
      collect() {
        // What left the configuration has no series any more.
        this.reset();
        for (const [of, value] of read()) this.set({ [label]: of }, value);
      },
    });
  };
  gauges('circuit_open_hosts', 'Hosts that did not answer and are left alone.', 'source', () =>
    gauged.openHosts(),
  );
  gauges('alertmanager_queue_length', 'Alerts in the queue, those under way included.', 'alertmanager', () =>
    gauged.queuedAlerts(),
  );
  new Gauge({
    ...named(registry, 'build_info', 'Always 1; the labels tell the version.'),
    labelNames: ['version', 'nodeversion'],
  }).set({ version, nodeversion: nodeVersion }, 1);
}

function named(
  registry: Registry,
  name: string,
  help: string,
): { name: string; help: string; registers: Registry[] } {
  return { name: `alertmanager_proxy_${name}`, help, registers: [registry] };
}
