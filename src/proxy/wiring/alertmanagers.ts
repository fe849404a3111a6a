import { isIP } from 'node:net';
import { posix } from 'node:path';
import { createHttpClient } from '../../platform/http/http-client.ts';
import { encodedPath, joinedPath } from '../../platform/http/joined-path.ts';
import type { KeptNames } from '../../platform/http/kept-names.ts';
import type { Logger } from '../../platform/log/log.ts';
import { SendHistory } from '../activity/send-history.ts';
import { SendLog } from '../activity/send-log.ts';
import { AlertmanagerSet } from '../alertmanager/alertmanager-set.ts';
import { createDiscovery } from '../../platform/http/discovery.ts';
import { SendLoop } from '../alertmanager/send-loop.ts';
import { SendLoops } from '../alertmanager/send-loops.ts';
import { broadcast } from '../alertmanager/send-observer.ts';
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
  /** The send loops of its targets; empty until `open`. */
  readonly set: AlertmanagerSet;
  /** The tenant, as the page names it: the headers or the user that tell tenants of one URL apart. */
  readonly tenant: string | undefined;
  /** Milliseconds for one POST. */
  readonly timeout: number;
  /** Starts the discovery of targets; resolves when they are found. */
  readonly find: () => Promise<void>;
  /** Starts sending to the targets. */
  readonly open: () => void;
  /** Sends what is queued, for a limited time, and ends the discovery. */
  readonly close: () => Promise<void>;
}

/** What may wait for an Alertmanager that takes nothing: more than 100,000 usual alerts. */
const QUEUE_CAPACITY_BYTES = 256 * 1024 * 1024;
/** How long queued alerts may take when an Alertmanager leaves the configuration or the proxy stops. */
const DRAIN_MS = 5_000;
/** Alertmanager's answers are empty or a few sentences. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** The send loops of all Alertmanagers, which outlive a configuration, and how sending from them went. */
export interface Sending {
  readonly loops: SendLoops;
  readonly historyOf: (loop: SendLoop) => SendHistory | undefined;
}

export function createSending(options: {
  readonly metrics: SendMetrics;
  readonly log: Logger;
  readonly now: () => number;
  readonly monotonic: () => number;
}): Sending {
  const { metrics, log, now, monotonic } = options;
  const histories = new WeakMap<SendLoop, SendHistory>();
  const loops = new SendLoops({
    createLoop: (url, connection) => {
      const history = new SendHistory({ now });
      const watchers = [metrics.sendObserver(url), history, new SendLog(log.child({ alertmanager: url }))];
      const loop = new SendLoop({
        url,
        connection,
        capacity: QUEUE_CAPACITY_BYTES,
        observer: broadcast(watchers),
        now,
        monotonic,
      });
      histories.set(loop, history);
      return loop;
    },
    onRemoved: metrics.removeAlertmanager,
    grace: DRAIN_MS,
  });
  return { loops, historyOf: (loop) => histories.get(loop) };
}

/** Builds one entry, which has no effect until `open`. */
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
    acquire: (url) => loops.acquire(url, connection, tenantOf(config)),
    release: (loop) => loops.release(loop, connection),
  });
  let isOpen = false;
  const follow = (found: readonly string[]): void => {
    const urls = [...staticUrls(config), ...found.map((target) => urlOf(config, target))];
    names.keep(set, urls.flatMap(nameOf));
    set.update([...new Set(urls)].sort());
  };
  const discovery = createDiscovery({
    staticTargets: [],
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

// The name in a URL; none for an address.
function nameOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { hostname } = new URL(url);
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? [hostname] : [];
}

// Several tenants may share a URL; a header or the user tells them apart.
function tenantOf({ http_headers: headers, basic_auth: basic }: AlertmanagerConfig): string {
  return settingsId(headers ?? {}, basic?.username, basic?.username_file);
}

// Header values under `values` are not secret; secrets stand under `secrets` and `files`.
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

function staticUrls(config: AlertmanagerConfig): string[] {
  const { static_configs: groups = [] } = config;
  return groups.flatMap(({ targets, labels }) => targets.map((target) => urlOf(config, target, labels)));
}

// As in Prometheus (notifier/alertmanager.go), where the labels of a target come before the settings of its entry.
function urlOf(
  { scheme, path_prefix: prefix }: AlertmanagerConfig,
  target: string,
  { __scheme__: ownScheme = scheme, __alerts_path__: ownPath }: Readonly<Record<string, string>> = {},
): string {
  const path =
    ownPath === undefined ? joinedPath(prefix, 'api/v2/alerts') : encodedPath(posix.join('/', ownPath));
  return `${ownScheme}://${target}${path}`;
}
