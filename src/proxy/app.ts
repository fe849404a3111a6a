import express, { type RequestHandler, type Router } from 'express';
import { Registry } from 'prom-client';
import { fileDigest } from '../platform/file-digest.ts';
import { describeError, type Logger } from '../platform/log.ts';
import { settledLooks } from '../platform/settled-looks.ts';
import { listen, type Listener } from '../platform/web/listener.ts';
import { createAlertsRouter } from './api/alerts-router.ts';
import { BatchOutage } from './api/batch-outage.ts';
import { answerError, answerNotFound } from './api/last-resort.ts';
import { createManagementRouter } from './api/management-router.ts';
import type { ConfigurationSnapshot } from './api/page/snapshot.ts';
import { Engine, type Generation } from './build/engine.ts';
import { ConfigError, formatProblem } from './config/config-error.ts';
import { describeConfig } from './config/describe.ts';
import { loadConfig } from './config/load.ts';
import { RecentEnrichments } from './enrich/recent.ts';
import { countResults } from './enrich/result-counts.ts';
import type { Gauged } from './metrics/gauges.ts';
import { createProxyMetrics } from './metrics/proxy-metrics.ts';
import { takePageSnapshot } from './page-snapshot.ts';
import { RecentOverload } from './recent-overload.ts';

export interface AppOptions {
  readonly configFile: string;
  /** As --web.listen-address: `:9095`. */
  readonly listenAddress: string;
  /** If given, everything but the alerts answers there only. */
  readonly adminListenAddress?: string | undefined;
  readonly webConfigFile?: string | undefined;
  /** What stands before the paths of everything but the alerts; `/` for nothing. */
  readonly routePrefix: string;
  readonly enableLifecycle: boolean;
  /** Milliseconds between two looks at the configuration file; undefined: reloads when told to only. */
  readonly autoReloadInterval?: number | undefined;
  readonly log: Logger;
}

const RECENT_ENRICHMENTS = 200;

/** The proxy, from its configuration file to its listeners. */
export class App {
  readonly #options: AppOptions;
  readonly #registry = new Registry();
  readonly #recent = new RecentEnrichments({ size: RECENT_ENRICHMENTS, now: Date.now });
  readonly #overload = new RecentOverload({ now: Date.now });
  readonly #metrics = createProxyMetrics(
    this.#registry,
    gaugedOf(() => this.#engine),
  );
  readonly #engine: Engine;
  readonly #outage: BatchOutage;
  #alerts: Router = express.Router();
  readonly #listeners: Listener[] = [];
  readonly #startedAt = Date.now();
  #configuration: ConfigurationSnapshot;
  #isReady = false;
  readonly #stopping = new AbortController();
  /** Of the configuration file, as it was last read. */
  #digest: string | undefined;
  #reloading: Promise<string | undefined> = Promise.resolve(undefined);
  #nextReload: Promise<string | undefined> | undefined;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#outage = new BatchOutage(options.log);
    this.#configuration = { file: options.configFile, loadedAt: 0, effective: '', problem: undefined };
    this.#engine = new Engine({
      metrics: this.#metrics,
      observer: {
        received: (alerts, malformed) => {
          this.#metrics.received(alerts, malformed);
        },
        enriched: (alerts, enrichments) => {
          const counts = countResults(enrichments);
          this.#metrics.alertsEnriched(counts);
          this.#overload.enriched(counts);
          for (const { rule, activity } of this.#engine.current?.rules ?? []) {
            activity.enriched(counts.results.get(rule.source) ?? new Map());
          }
          this.#recent.add(alerts, enrichments);
        },
      },
      log: options.log,
      now: Date.now,
    });
  }

  /** Loads the configuration and starts to listen; resolves to the URL. Throws ConfigError or ListenError. */
  async start(): Promise<string> {
    const { listenAddress, adminListenAddress, routePrefix, autoReloadInterval } = this.#options;
    await this.#load();
    const alerts: RequestHandler = (request, response, next) => {
      this.#alerts(request, response, next);
    };
    const management = express.Router().use(routePrefix, this.#createManagement());
    if (adminListenAddress !== undefined) await this.#listen(adminListenAddress, [management]);
    const handlers = adminListenAddress === undefined ? [alerts, management] : [alerts];
    const { url } = await this.#listen(listenAddress, handlers);
    if (autoReloadInterval !== undefined) void this.#followFile(autoReloadInterval);
    this.#isReady = true;
    return url;
  }

  /** Reads the file again. Resolves to sentences on what is wrong with it; then the old configuration stays. */
  reload(): Promise<string | undefined> {
    // One that has not begun will read what the file says by then: it serves all who ask meanwhile.
    this.#nextReload ??= this.#reloading.then(() => {
      this.#nextReload = undefined;
      return this.#reloadOnce();
    });
    this.#reloading = this.#nextReload;
    return this.#nextReload;
  }

  /** Answers what is under way, sends what is queued, and ends. */
  async stop(): Promise<void> {
    this.#isReady = false;
    this.#stopping.abort();
    await Promise.all([this.#reloading, ...this.#listeners.map((listener) => listener.close())]);
    this.#outage.flush();
    await this.#engine.stop();
  }

  async #load(): Promise<void> {
    const { configFile, log } = this.#options;
    this.#digest = await fileDigest(configFile);
    const { config, warnings } = await loadConfig(configFile);
    for (const warning of warnings) log.warn({ file: configFile }, formatProblem(warning));
    const effective = describeConfig(config);
    const generation = await this.#engine.load(config);
    this.#alerts = this.#createAlerts(generation);
    this.#configuration = { file: configFile, loadedAt: Date.now(), effective, problem: undefined };
    this.#metrics.reloaded(true);
    log.info({ file: configFile, sources: config.sources.length }, 'configuration loaded');
  }

  // What cannot be used is not tried again before it changes. The files that a configuration names are read anew as they are used.
  async #followFile(interval: number): Promise<void> {
    const look = (): Promise<string> => fileDigest(this.#options.configFile);
    for await (const digest of settledLooks({ look, interval, signal: this.#stopping.signal })) {
      if (digest !== this.#digest) await this.reload();
    }
  }

  async #reloadOnce(): Promise<string | undefined> {
    if (this.#stopping.signal.aborted) return 'the proxy is stopping';
    try {
      await this.#load();
      return undefined;
    } catch (error) {
      this.#metrics.reloaded(false);
      this.#options.log.error({ err: error }, 'configuration not reloaded; the old one stays in force');
      const problem =
        error instanceof ConfigError ? error.message : `${this.#options.configFile}: ${describeError(error)}`;
      this.#configuration = { ...this.#configuration, problem };
      return problem;
    }
  }

  #createAlerts({ intake, config }: Generation): Router {
    return createAlertsRouter({
      intake,
      maxBody: config.server.max_body,
      onAnswered: (code, seconds) => {
        this.#metrics.batchAnswered(code, seconds);
        this.#overload.answered(code);
      },
      outage: this.#outage,
      log: this.#options.log,
      now: Date.now,
    });
  }

  #createManagement(): Router {
    return createManagementRouter({
      registry: this.#registry,
      recent: this.#recent,
      takeSnapshot: () =>
        takePageSnapshot({
          generation: this.#engine.current,
          recent: this.#recent,
          overload: this.#overload,
          configuration: this.#configuration,
          isReady: this.#isReady,
          startedAt: this.#startedAt,
          now: Date.now(),
        }),
      isReady: () => this.#isReady,
      reload: this.#options.enableLifecycle ? () => this.reload() : undefined,
    });
  }

  async #listen(listenAddress: string, handlers: readonly RequestHandler[]): Promise<Listener> {
    const { webConfigFile, log } = this.#options;
    const handler = express().disable('x-powered-by').disable('etag');
    for (const one of handlers) handler.use(one);
    handler.use(answerNotFound, answerError(log));
    const listener = await listen({ listenAddress, handler, webConfigFile, log });
    this.#listeners.push(listener);
    return listener;
  }
}

function gaugedOf(engine: () => Engine): Gauged {
  const current = (): Generation | undefined => engine().current;
  return {
    fetchesInFlight: () => current()?.totalLimit.underWay ?? 0,
    cacheEntries: () => current()?.cache.entries ?? 0,
    cacheBytes: () => current()?.cache.bytes ?? 0,
    pendingBatches: () => current()?.admission.pending ?? 0,
    openHosts: () =>
      new Map<string, number>(
        (current()?.rules ?? []).map(({ rule, breaker }) => [rule.source, breaker.openHosts().length]),
      ),
    queuedAlerts: () => engine().queuedAlerts(),
  };
}
