import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import express, { type Router } from 'express';
import { parseFilter } from './filter.ts';
import { renderPage } from './page.ts';
import type { PageSnapshot } from './snapshot.ts';
import { STYLE } from './style.ts';

// No script, nothing from elsewhere, this one style sheet, forms that lead back here, and no frame around it.
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE.toString()).digest('base64')}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** `GET /`: the page for people, as things are at that moment. */
export function createPageRouter(takeSnapshot: () => PageSnapshot): Router {
  const router = express.Router({ strict: true });
  router.get('/', (request, response) => {
    // Its links are relative, so that they hold behind any prefix: the address has to end with a slash.
    if (request.baseUrl !== '' && !request.originalUrl.startsWith(`${request.baseUrl}/`)) {
      response.redirect(308, `${request.baseUrl}/`);
      return;
    }
    const page = renderPage(takeSnapshot(), parseFilter(request.query));
    response.set(HEADERS).vary('Accept-Encoding').type('html');
    // Its rows resemble each other: a tenth of the bytes is left.
    if (request.acceptsEncodings('gzip') === false) response.send(page);
    else response.set('Content-Encoding', 'gzip').send(gzipSync(page));
  });
  return router;
}
