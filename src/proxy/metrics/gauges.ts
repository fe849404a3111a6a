import { Gauge, type Registry } from 'prom-client';
import { nodeVersion, version } from '../../platform/file/package-files.ts';
import { named } from './metric.ts';

/** The readings of the gauges at the time of a scrape. */
export interface Gauged {
  fetchesInFlight(): number;
  cacheEntries(): number;
  cacheBytes(): number;
  pendingBatches(): number;
  waitingBatches(): number;
  /** Hosts whose circuit is open, per source. */
  openHosts(): ReadonlyMap<string, number>;
  /** Alerts in the queues to each Alertmanager. */
  queuedAlerts(): ReadonlyMap<string, number>;
  /** Whether each Alertmanager accepted what it was sent last, by its URL. */
  acceptingAlertmanagers(): ReadonlyMap<string, boolean>;
  /** Milliseconds since 1970; undefined before the first batch. */
  lastBatchAt(): number | undefined;
  openConnections(): number;
  maxConnections(): number;
}

/** Registers the gauges and `build_info`. */
export function registerGauges(registry: Registry, gauged: Gauged): void {
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
  gauge(
    'last_batch_timestamp_seconds',
    'When a batch of alerts came last, in seconds since 1970; 0 before the first.',
    () => (gauged.lastBatchAt() ?? 0) / 1000,
  );
  gauge('web_connections', 'Connections to the listeners, idle ones included.', () =>
    gauged.openConnections(),
  );
  gauge('web_connections_limit', 'Connections beyond which idle ones are closed.', () =>
    gauged.maxConnections(),
  );
  gauge('batches_waiting', 'Batches in line for a place.', () => gauged.waitingBatches());
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
        // Sources and Alertmanagers that left the configuration lose their series.
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
  gauges(
    'alertmanager_up',
    '1 if it accepted what it was sent last, else 0.',
    'alertmanager',
    () => new Map([...gauged.acceptingAlertmanagers()].map(([url, isUp]) => [url, isUp ? 1 : 0])),
  );
  new Gauge({
    ...named(registry, 'build_info', 'Always 1; the labels tell the version.'),
    labelNames: ['version', 'nodeversion'],
  }).set({ version, nodeversion: nodeVersion }, 1);
}
