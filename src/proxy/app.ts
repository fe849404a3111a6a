import express, { type RequestHandler, type Router } from 'express';
import { Registry } from 'prom-client';
import { ThrottledLog } from '../platform/log/throttled-log.ts';
import { affordableConnections } from '../platform/web/affordable-connections.ts';
import { monotonicNow } from '../platform/time/monotonic-clock.ts';
import { listen, type Listener } from '../platform/web/listener.ts';
import { createAlertsRouter } from './api/alerts-router.ts';
import { BatchOutage } from './activity/batch-outage.ts';
import { answerError, answerNotFound } from './api/fallback-handlers.ts';
import { createProxyRouter } from './api/proxy-router.ts';
import { Engine, type Generation } from './wiring/engine.ts';
import { RecentEnrichments } from './activity/recent-enrichments.ts';
import { countResults } from './activity/result-counts.ts';
import { gaugeReadings } from './wiring/gauge-readings.ts';
import { createProxyMetrics } from './metrics/proxy-metrics.ts';
import { takePageSnapshot } from './wiring/page-snapshot.ts';
import { RecentOverload } from './activity/recent-overload.ts';
import { describeConfig } from './config/describe.ts';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { Reloads } from '../platform/config/reloads.ts';
import { RecentRefusals } from './activity/recent-refusals.ts';
import { RecentSenders } from './activity/recent-senders.ts';
import type { ListeningAppOptions } from '../platform/web/listening-app.ts';

const RECENT_ENRICHMENTS = 200;
/** Of people and one Prometheus. */
const ADMIN_CONNECTIONS = 128;
/** For Alertmanagers, files and what the process itself has open. */
const OTHER_DESCRIPTORS = 64;

/** The proxy, from its configuration file to its listeners. */
export class App {
  readonly #options: ListeningAppOptions;
  readonly #registry = new Registry();
  readonly #recent = new RecentEnrichments({ size: RECENT_ENRICHMENTS, now: Date.now });
  readonly #overload = new RecentOverload({ now: Date.now });
  readonly #senders = new RecentSenders({ now: Date.now });
  readonly #refusals: RecentRefusals;
  readonly #metrics = createProxyMetrics(
    this.#registry,
    gaugeReadings(
      () => this.#engine,
      this.#senders,
      () => this.#listeners.map(({ connections }) => connections),
    ),
  );
  readonly #engine: Engine;
  readonly #reloads: Reloads<Config>;
  readonly #outage: BatchOutage;
  readonly #problems: ThrottledLog;
  #alerts: Router = express.Router();
  readonly #listeners: Listener[] = [];
  readonly #startedAt = Date.now();
  #isReady = false;

  constructor(options: ListeningAppOptions) {
    this.#options = options;
    this.#outage = new BatchOutage(options.log);
    this.#problems = new ThrottledLog(options.log);
    this.#refusals = new RecentRefusals({ log: options.log, now: Date.now });
    this.#engine = new Engine({
      metrics: this.#metrics,
      observer: {
        received: (alerts, malformed) => {
          this.#metrics.received(alerts, malformed);
        },
        enriched: (alerts, enrichments) => {
          const counts = countResults(alerts, enrichments);
          this.#metrics.alertsEnriched(counts);
          this.#overload.enriched(counts);
          for (const { rule, activity } of this.#engine.current?.rules ?? []) {
            const { source } = rule;
            activity.enriched(
              counts.results.get(source) ?? new Map(),
              counts.reasons.get(source) ?? new Map(),
            );
          }
          this.#recent.add(alerts, enrichments);
        },
      },
      log: options.log,
      now: Date.now,
      monotonic: monotonicNow,
    });
    this.#reloads = new Reloads({
      configFile: options.configFile,
      read: loadConfig,
      describe: describeConfig,
      apply: async (config) => {
        this.#alerts = this.#createAlerts(await this.#engine.load(config));
        return { sources: config.sources.length };
      },
      metrics: this.#metrics,
      log: options.log,
      now: Date.now,
    });
  }

  /** Loads the configuration and starts listening; resolves to the URL. Throws ConfigError or ListenError. */
  async start(): Promise<string> {
    const { listenAddress, adminListenAddress, routePrefix, autoReloadInterval } = this.#options;
    await this.#reloads.load();
    const alerts: RequestHandler = (request, response, next) => {
      this.#alerts(request, response, next);
    };
    const management = express.Router().use(routePrefix, this.#createManagement());
    if (adminListenAddress !== undefined)
      await this.#listen(adminListenAddress, [management], ADMIN_CONNECTIONS);
    const handlers = adminListenAddress === undefined ? [alerts, management] : [alerts];
    const { url } = await this.#listen(listenAddress, handlers, await this.#affordableConnections());
    if (autoReloadInterval !== undefined) void this.#reloads.follow(autoReloadInterval);
    this.#isReady = true;
    return url;
  }

  /** Reads the file again. Resolves to the problems if the file is invalid; the old configuration then stays active. */
  reload(): Promise<string | undefined> {
    return this.#reloads.reload();
  }

  /** Answers requests under way, sends what is queued, and stops. */
  async stop(): Promise<void> {
    this.#isReady = false;
    await Promise.all([this.#reloads.stop(), ...this.#listeners.map((listener) => listener.close())]);
    this.#outage.flush();
    this.#problems.flush();
    await this.#engine.stop();
  }

  #createAlerts({ intake, config }: Generation): Router {
    return createAlertsRouter({
      intake,
      maxBody: config.server.max_body,
      onAnswered: (code, seconds, sender) => {
        this.#metrics.batchAnswered(code, seconds);
        this.#overload.answered(code);
        if (seconds !== undefined) this.#senders.batchAnswered(sender ?? 'unknown', code);
      },
      outage: this.#outage,
      problems: this.#problems,
      monotonic: monotonicNow,
    });
  }

  #createManagement(): Router {
    return createProxyRouter({
      registry: this.#registry,
      recent: this.#recent,
      takeSnapshot: () =>
        takePageSnapshot({
          generation: this.#engine.current,
          historyOf: (loop) => this.#engine.historyOf(loop),
          recent: this.#recent,
          overload: this.#overload,
          senders: this.#senders,
          refusals: this.#refusals,
          configuration: this.#reloads.snapshot,
          isReady: this.#isReady,
          startedAt: this.#startedAt,
          now: Date.now(),
        }),
      isReady: () => this.#isReady,
      hindrance: () => hindranceOf(this.#engine.current),
      reload: this.#options.enableLifecycle ? () => this.reload() : undefined,
    });
  }

  // What is left once sources and Alertmanagers are connected to.
  #affordableConnections(): Promise<number> {
    const fetches = this.#engine.current?.config.enrichment.max_concurrency ?? 0;
    return affordableConnections(fetches + OTHER_DESCRIPTORS + ADMIN_CONNECTIONS);
  }

  async #listen(
    listenAddress: string,
    handlers: readonly RequestHandler[],
    maxConnections: number,
  ): Promise<Listener> {
    const { webConfigFile, routePrefix, log } = this.#options;
    const handler = express().disable('x-powered-by').disable('etag');
    for (const one of handlers) handler.use(one);
    handler.use(answerNotFound, answerError(log));
    const listener = await listen({
      listenAddress,
      handler,
      webConfigFile,
      routePrefix,
      maxConnections,
      log,
      onRefused: (refusal) => {
        this.#metrics.requestRefused(refusal.reason);
        this.#refusals.refused(refusal);
      },
    });
    this.#listeners.push(listener);
    return listener;
  }
}

// Without any, each batch would be answered with 502.
function hindranceOf(generation: Generation | undefined): string | undefined {
  const isKnown = generation?.alertmanagers.some(({ set }) => set.loops.length > 0) === true;
  return isKnown ? undefined : 'knows no Alertmanager: dns_sd_configs have found none yet';
}
