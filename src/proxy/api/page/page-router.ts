import express, { type Router } from 'express';
import { sendDocument } from '../../../page/document.ts';
import { parseFilter } from './filter.ts';
import { renderPage } from './page.ts';
import type { PageSnapshot } from './snapshot.ts';

/** `GET /`: the page for people, as things are at that moment. */
export function createPageRouter(takeSnapshot: () => PageSnapshot): Router {
  const router = express.Router({ strict: true });
  router.get('/', (request, response) => {
    // Its links are relative, so that they hold behind any prefix: the address has to end with a slash.
    if (request.baseUrl !== '' && !request.originalUrl.startsWith(`${request.baseUrl}/`)) {
      response.redirect(308, `${request.baseUrl}/`);
      return;
    }
    sendDocument(request, response, renderPage(takeSnapshot(), parseFilter(request.query)));
  });
  return router;
}
