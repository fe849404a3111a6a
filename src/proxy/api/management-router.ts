import express, { type Request, type Response, type Router } from 'express';
import type { Registry } from 'prom-client';
import type { RecentEnrichments } from '../activity/recent-enrichments.ts';
import { createPageRouter } from './page/page-router.ts';
import type { PageSnapshot } from './page/snapshot.ts';

export interface ManagementRouterOptions {
  readonly registry: Registry;
  readonly recent: RecentEnrichments;
  readonly takeSnapshot: () => PageSnapshot;
  readonly isReady: () => boolean;
  /** Undefined: not over HTTP (--web.enable-lifecycle is not set). Resolves to the problems of the file, if it has some. */
  readonly reload: (() => Promise<string | undefined>) | undefined;
}

/** Health, readiness, reload, metrics, the last enrichments and the page for people, as Prometheus' own programs have them. */
export function createManagementRouter(options: ManagementRouterOptions): Router {
  const { registry, recent, takeSnapshot, isReady, reload } = options;
  const router = express.Router();
  router.get('/-/healthy', (_request, response) => {
    text(response, 200, 'alertmanager-proxy is healthy.\n');
  });
  router.get('/-/ready', (_request, response) => {
    if (isReady()) text(response, 200, 'alertmanager-proxy is ready.\n');
    else text(response, 503, 'alertmanager-proxy is starting or draining.\n');
  });
  router.all('/-/reload', async (request, response) => {
    await answerReload(request, response, reload);
  });
  router.get('/metrics', async (_request, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
  router.get('/api/v1/enrichments', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'success', data: recent.list() });
  });
  router.use(createPageRouter(takeSnapshot));
  return router;
}

// prometheus web/web.go: POST and PUT, and only with --web.enable-lifecycle.
async function answerReload(
  request: Request,
  response: Response,
  reload: ManagementRouterOptions['reload'],
): Promise<void> {
  if (request.method !== 'POST' && request.method !== 'PUT') {
    response.set('Allow', 'POST, PUT');
    text(response, 405, 'Only POST or PUT requests allowed\n');
    return;
  }
  if (reload === undefined) {
    text(response, 403, 'Lifecycle API is not enabled. Start with --web.enable-lifecycle.\n');
    return;
  }
  const problems = await reload();
  if (problems === undefined) response.status(200).end();
  else text(response, 500, `failed to reload config:\n${problems}\n`);
}

function text(response: Response, code: number, body: string): void {
  response.status(code).type('text/plain').set('Cache-Control', 'no-store').send(body);
}
