import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { sendDocument } from '../../page/document.ts';
import type { ScrapedFamily } from '../metrics/scraped-families.ts';
import type { Escaping } from '../exposition/write.ts';
import { ApiError } from '../../checks/api/api-error.ts';
import { withHeaders } from '../../checks/api/middleware.ts';
import { createClientsApi, type ClientsApiOptions } from './clients-api.ts';
import { createResultsApi, type ResultsApiOptions } from './results-api.ts';
import { answerErrors } from './errors.ts';
import { createMetricsRoute } from './metrics-route.ts';
import { renderPage } from './page.ts';
import { createPushRoute, type PushRouteOptions } from './push-route.ts';
import { answerNotFound, answerText, byMethod } from './text-answer.ts';
import { createV1Api, type V1ApiOptions } from './v1-api.ts';

export interface PushgatewayApiOptions
  extends PushRouteOptions, V1ApiOptions, ResultsApiOptions, ClientsApiOptions {
  /** Empty, or `/prefix` without a slash at its end. */
  readonly routePrefix: string;
  readonly telemetryPath: string;
  readonly families: (escaping: Escaping) => Promise<readonly ScrapedFamily[]>;
  /** Ends the program; undefined: nobody may ask for it over HTTP. */
  readonly quit: (() => void) | undefined;
  /** Whether pushes can be stored: undefined, or why not. */
  readonly trouble: () => string | undefined;
}

/** The gateway's HTTP API: the Pushgateway's paths with its answers. */
export function createPushgatewayApi(options: PushgatewayApiOptions): Express {
  const app = express();
  app.disable('x-powered-by').set('etag', false).set('query parser', 'simple');
  app.enable('case sensitive routing').enable('strict routing');
  app.use(createInstrumentation(options));
  if (options.routePrefix === '') app.use(createRoutes(options));
  else {
    app.get(options.routePrefix, (_, response) => {
      response.redirect(301, `${options.routePrefix}/`);
    });
    app.use(options.routePrefix, createRoutes(options));
  }
  app.use(answerNotFound);
  app.use(
    answerErrors(options.log, (response, { status, sentence }) => {
      answerText(response, status, sentence);
    }),
  );
  return app;
}

function createRoutes(options: PushgatewayApiOptions): express.Router {
  const { telemetryPath } = options;
  const routes = express.Router({ caseSensitive: true, strict: true });
  routes.use(createPushRoute(options));
  routes.all(telemetryPath, byMethod({ GET: createMetricsRoute(options) }));
  routes.get(`${telemetryPath}/`, (request, response) => {
    response.redirect(301, `${request.baseUrl}${telemetryPath}`);
  });
  for (const path of ['/-/healthy', '/-/ready']) {
    routes.all(
      path,
      byMethod({
        GET: (_, response) => {
          answerHealth(response, options);
        },
      }),
    );
  }
  routes.all('/-/quit', (request, response) => {
    answerQuit(request, response, options);
  });
  routes.use('/api/v1', createV1Api(options));
  routes.use(createResultsRoutes(options));
  for (const path of ['/', '/status']) {
    routes.all(
      path,
      byMethod({
        GET: (request, response) => {
          sendDocument(request, response, renderPage(options, request));
        },
      }),
    );
  }
  return routes;
}

// Pushed results are answered in Sensu's shape, all that is read in the agent's.
function createResultsRoutes(options: PushgatewayApiOptions): express.Router {
  const routes = express.Router({ caseSensitive: true, strict: true });
  routes.use(['/results', '/clients'], withHeaders);
  routes.use(createResultsApi(options), createClientsApi(options));
  routes.use(['/results', '/clients'], () => {
    throw new ApiError(404, 'no such page');
  });
  routes.use(
    answerErrors(options.log, (response, { status, sentence }, request) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      response.status(status).json(isRead ? { error: sentence } : { response: sentence });
    }),
  );
  return routes;
}

function answerHealth(response: Response, { trouble }: PushgatewayApiOptions): void {
  const problem = trouble();
  response
    .status(problem === undefined ? 200 : 500)
    .type('text/plain')
    .send(problem ?? 'OK');
}

function answerQuit({ method }: Request, response: Response, { quit }: PushgatewayApiOptions): void {
  if (method !== 'PUT' && method !== 'POST') {
    response.status(405).type('text/plain').send('Only POST or PUT requests allowed.');
  } else if (quit === undefined) {
    response.status(403).type('text/plain').send('Lifecycle API is not enabled.');
  } else {
    response.type('text/plain').send('Requesting termination... Goodbye!');
    response.once('finish', quit);
  }
}

// The Pushgateway's names of its handlers.
const HANDLERS: readonly {
  readonly path: RegExp;
  readonly handler: (path: string, method: string) => string;
}[] = [
  { path: /^\/metrics\/job/, handler: (_, method) => (method === 'DELETE' ? 'delete' : 'push') },
  { path: /^\/-\/(?:healthy|ready)$/, handler: (path) => path.slice(3) },
  { path: /^\/api\/v1\/admin\/wipe$/, handler: () => 'wipe' },
  { path: /^\/api\/v1\/(?:status|metrics|groups)$/, handler: (path) => path.slice(1) },
  { path: /^\/(?:status)?$/, handler: () => 'status' },
];

function createInstrumentation({ metrics, routePrefix }: PushgatewayApiOptions): RequestHandler {
  return function instrument(request, response, next) {
    const path = request.path.startsWith(routePrefix) ? request.path.slice(routePrefix.length) : request.path;
    const found = HANDLERS.find((one) => one.path.test(path));
    if (found !== undefined) {
      const handler = found.handler(path, request.method);
      response.once('finish', () => {
        metrics.countRequest({ handler, code: response.statusCode, method: request.method });
      });
    }
    next();
  };
}
