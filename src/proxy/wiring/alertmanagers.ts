import { isIP } from 'node:net';
import { createHttpClient } from '../../platform/http/http-client.ts';
import type { KeptNames } from '../../platform/http/kept-names.ts';
import type { Logger } from '../../platform/log/log.ts';
import { AlertmanagerSet } from '../alertmanager/alertmanager-set.ts';
import { createDiscovery } from '../../platform/http/discovery.ts';
import { SendLoop } from '../alertmanager/send-loop.ts';
import { SendLoops } from '../alertmanager/send-loops.ts';
import type { Config } from '../config/schema.ts';
import type { SendMetrics } from '../metrics/send-metrics.ts';
import { buildCredentials, buildTls } from '../../platform/http/from-config.ts';
import { settingsId } from '../../platform/config/settings-id.ts';

type AlertmanagerConfig = Config['alertmanagers'][number];

export interface AlertmanagersOptions {
  readonly loops: SendLoops;
  readonly names: KeptNames;
  readonly log: Logger;
}

/** One entry under `alertmanagers`. */
export interface BuiltAlertmanagers {
  /** The loops that send to its targets: none before it is open. */
  readonly set: AlertmanagerSet;
  /** The headers or the user by which one URL tells tenants apart, for people; undefined without any. */
  readonly tenant: string | undefined;
  /** Milliseconds for one POST. */
  readonly timeout: number;
  /** Begins to look for its targets; resolves when they are found. */
  readonly find: () => Promise<void>;
  /** Begins to send to its targets. */
  readonly open: () => void;
  /** Sends what is queued, for a while, and ends the search for targets. */
  readonly close: () => Promise<void>;
}

/** As Prometheus: 10,000 alerts per Alertmanager (--alertmanager.notification-queue-capacity); of usual ones these are 30 MB. */
const QUEUE_CAPACITY = { alerts: 10_000, bytes: 256 * 1024 * 1024 };
/** What is queued gets this long when an Alertmanager leaves the configuration, or the proxy stops. */
const DRAIN_MS = 5_000;
/** Alertmanager answers with nothing, or with a few sentences. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** The queues to all Alertmanagers; they outlive the configurations. */
export function createSendLoops(options: {
  readonly metrics: SendMetrics;
  readonly log: Logger;
  readonly now: () => number;
}): SendLoops {
  const { metrics, log, now } = options;
  return new SendLoops({
    createLoop: (url, connection) =>
      new SendLoop({
        url,
        connection,
        capacity: QUEUE_CAPACITY,
        observer: metrics.sendObserver(url),
        log: log.child({ alertmanager: url }),
        now,
      }),
    onRemoved: metrics.removeAlertmanager,
    grace: DRAIN_MS,
  });
}

/** Nobody is affected by it before it is open. */
export function buildAlertmanagers(
  config: AlertmanagerConfig,
  { loops, names, log }: AlertmanagersOptions,
): BuiltAlertmanagers {
  const { timeout } = config;
  const client = createHttpClient({
    connectTimeout: timeout,
    maxResponseBytes: MAX_ANSWER_BYTES,
    keepAlive: true,
    credentials: buildCredentials(config, log),
    tls: buildTls(config, log),
    resolve: names.resolve,
  });
  const connection = { client, timeout };
  const set = new AlertmanagerSet({
    acquire: (target) => loops.acquire(urlOf(config, target), connection, tenantOf(config)),
    release: (loop) => loops.release(loop, connection),
  });
  let isOpen = false;
  const follow = (targets: readonly string[]): void => {
    names.keep(set, targets.flatMap(nameOf));
    set.update(targets);
  };
  const discovery = createDiscovery({
    staticTargets: (config.static_configs ?? []).flatMap(({ targets }) => targets),
    dns: (config.dns_sd_configs ?? []).map(({ names, type, port, refresh_interval: refreshInterval }) => ({
      names,
      type,
      port,
      refreshInterval,
    })),
    log,
    onChange: (targets) => {
      if (isOpen) follow(targets);
    },
  });
  return {
    set,
    tenant: tenantName(config),
    timeout,
    find: () => discovery.start(),
    open: () => {
      isOpen = true;
      follow(discovery.targets());
    },
    close: async () => {
      discovery.stop();
      await set.stop();
      names.keep(set, []);
      client.close();
    },
  };
}

// The name in `host:port`; none for an address.
function nameOf(target: string): string[] {
  const url = `http://${target}`;
  if (!URL.canParse(url)) return [];
  const { hostname } = new URL(url);
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? [hostname] : [];
}

// With several tenants behind one URL, a header or the user says which is meant.
function tenantOf({ http_headers: headers, basic_auth: basic }: AlertmanagerConfig): string {
  return settingsId(headers ?? {}, basic?.username, basic?.username_file);
}

// Values of headers are no secrets: those stand under `secrets` and `files`.
function tenantName({
  http_headers: headers = {},
  basic_auth: basic,
}: AlertmanagerConfig): string | undefined {
  const words = Object.entries(headers).flatMap(([name, { values = [] }]) =>
    values.map((value) => `${name}: ${value}`),
  );
  if (basic?.username !== undefined) words.push(`user ${basic.username}`);
  return words.length === 0 ? undefined : words.join(', ');
}

// As Prometheus joins them (notifier/alertmanager.go postPath).
function urlOf({ scheme, path_prefix: prefix }: AlertmanagerConfig, target: string): string {
  return `${scheme}://${target}${prefix.replace(/\/+$/, '')}/api/v2/alerts`;
}
