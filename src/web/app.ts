import express, { type Request, type Response, type NextFunction, type RequestHandler } from 'express';
import { Registry } from 'prom-client';
import { Reloads } from '../platform/config/reloads.ts';
import { describeConfig } from '../platform/config/describe-config.ts';
import type { Logger } from '../platform/log/log.ts';
import { statusOf } from '../platform/web/error-status.ts';
import { listen, type Listener } from '../platform/web/listener.ts';
import { createManagementRouter } from '../platform/web/management-router.ts';
import { ApiProblem } from './api/api-problem.ts';
import { createJsonRouter } from './api/json-router.ts';
import { loadWebConfigFile } from './config/load.ts';
import { webConfigFileSchema, type WebConfigFile } from './config/schema.ts';
import { createWebMetrics } from './metrics/web-metrics.ts';
import { createPageRouter } from './page/page-router.ts';
import { createSilenceRouter } from './page/silence-router.ts';
import { Silences } from './silence/service.ts';
import { Site, type SiteState } from './site.ts';
import { PLATFORM_LOG } from '../platform/log/messages.ts';
import type { ListeningAppOptions } from '../platform/web/listening-app.ts';

/** The page over all clusters, from its configuration file to its listeners. */
export class WebApp {
  readonly #options: ListeningAppOptions;
  readonly #registry = new Registry();
  readonly #metrics = createWebMetrics(this.#registry, () =>
    (this.#site.state?.clusters ?? []).map(({ snapshot }) => snapshot),
  );
  readonly #site: Site;
  readonly #reloads: Reloads<WebConfigFile>;
  readonly #listeners: Listener[] = [];
  #isStopping = false;

  constructor(options: ListeningAppOptions) {
    const { configFile, log } = options;
    this.#options = options;
    this.#site = new Site({ metrics: this.#metrics, log, now: Date.now });
    this.#reloads = new Reloads({
      configFile,
      read: loadWebConfigFile,
      describe: (config: WebConfigFile) => describeConfig(webConfigFileSchema, config),
      apply: (config) => {
        this.#site.apply(config);
        return Promise.resolve({ clusters: config.clusters.length });
      },
      metrics: this.#metrics,
      log,
      now: Date.now,
    });
  }

  /** Loads the configuration and starts to listen; resolves to the URL. Throws ConfigError or ListenError. */
  async start(): Promise<string> {
    const { listenAddress, adminListenAddress, routePrefix, autoReloadInterval } = this.#options;
    await this.#reloads.load();
    const management = express.Router().use(routePrefix, this.#createManagement());
    const pages = express.Router().use(routePrefix, this.#createPages());
    if (adminListenAddress !== undefined) await this.#listen(adminListenAddress, [management]);
    const handlers = adminListenAddress === undefined ? [management, pages] : [pages];
    const { url } = await this.#listen(listenAddress, handlers);
    if (autoReloadInterval !== undefined) void this.#reloads.follow(autoReloadInterval);
    return `${url}${routePrefix}`;
  }

  /** Reads the file again. Resolves to sentences on what is wrong with it; then the old configuration stays. */
  reload(): Promise<string | undefined> {
    return this.#reloads.reload();
  }

  /** Answers what is under way, and ends. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([this.#reloads.stop(), ...this.#listeners.map((listener) => listener.close())]);
    await this.#site.stop();
  }

  #state(): SiteState {
    const { state } = this.#site;
    if (state === undefined) throw new ApiProblem(503, 'unavailable', 'The program is starting.');
    return state;
  }

  #createManagement(): RequestHandler {
    return createManagementRouter({
      program: 'alertmanager-proxy web',
      registry: this.#registry,
      isReady: () => !this.#isStopping && this.#site.wasTried,
      reload: this.#options.enableLifecycle ? () => this.reload() : undefined,
    });
  }

  #createPages(): RequestHandler {
    const router = express.Router();
    router.use((request, response, next) => {
      this.#site.attention.look();
      const startedAt = performance.now();
      response.once('finish', () => {
        const page = request.path.split('/')[1] ?? '';
        const known = /^(?:api|problems|nodes|checks|silences|grid|status)?$/.test(page) ? page : 'other';
        this.#metrics.pageAnswered(known, response.statusCode, (performance.now() - startedAt) / 1000);
      });
      next();
    });
    const { routePrefix, log } = this.#options;
    const shared = { state: () => this.#state(), now: Date.now };
    const pages = { ...shared, base: routePrefix === '/' ? '' : routePrefix };
    router.use('/api/v1', createJsonRouter(shared));
    router.use(createSilenceRouter({ ...pages, silences: new Silences({ metrics: this.#metrics, log }) }));
    router.use(createPageRouter(pages));
    return router;
  }

  async #listen(listenAddress: string, handlers: readonly RequestHandler[]): Promise<Listener> {
    const { webConfigFile, log } = this.#options;
    const handler = express().disable('x-powered-by').disable('etag');
    for (const one of handlers) handler.use(one);
    handler.use(answerNotFound, answerProblem(log));
    const listener = await listen({ listenAddress, handler, webConfigFile, log });
    this.#listeners.push(listener);
    return listener;
  }
}

function answerNotFound(): void {
  throw new ApiProblem(404, 'not_found', 'Nothing answers at this path.');
}

/** Errors in the shape of Prometheus' own API. */
function answerProblem(log: Logger) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof ApiProblem)) {
      log.error({ err: error, client: request.socket.remoteAddress }, PLATFORM_LOG.requestFailed);
    }
    response
      .status(problem.status)
      .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
      .json({ status: 'error', errorType: problem.type, error: problem.message });
  };
}

function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const status = statusOf(error) ?? 500;
  return status < 500
    ? new ApiProblem(status, 'bad_data', 'The request cannot be understood.')
    : new ApiProblem(500, 'internal', 'This is a bug: the log says more.');
}
