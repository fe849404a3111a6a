import express, { type Request, type Response, type Router } from 'express';
import type { Registry } from 'prom-client';

export interface ManagementOptions {
  /** The name of the program in its sentences, such as `alertmanager-proxy`. */
  readonly program: string;
  readonly registry: Registry;
  readonly isReady: () => boolean;
  /** What keeps a started program from its work, such as `knows no Alertmanager`; then it is not ready. */
  readonly hindrance?: () => string | undefined;
  /** Undefined: not over HTTP (--web.enable-lifecycle is not set). Resolves to the problems of the file, if it has some. */
  readonly reload: (() => Promise<string | undefined>) | undefined;
}

/** Health, readiness, reload and metrics, as Prometheus' own programs have them. */
export function createManagementRouter(options: ManagementOptions): Router {
  const { program, registry, isReady, hindrance = () => undefined, reload } = options;
  const router = express.Router();
  router.get('/-/healthy', (_request, response) => {
    text(response, 200, `${program} is healthy.\n`);
  });
  router.get('/-/ready', (_request, response) => {
    const why = isReady() ? hindrance() : 'is starting or draining';
    if (why === undefined) text(response, 200, `${program} is ready.\n`);
    else text(response, 503, `${program} ${why}.\n`);
  });
  router.all('/-/reload', async (request, response) => {
    await answerReload(request, response, reload);
  });
  router.get('/metrics', async (_request, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
  return router;
}

// prometheus web/web.go: POST and PUT, and only with --web.enable-lifecycle.
async function answerReload(
  request: Request,
  response: Response,
  reload: ManagementOptions['reload'],
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
