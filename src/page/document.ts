import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { html, type Html } from './html.ts';
import { STYLE, STYLE_ELEMENT } from './style.ts';

export interface Document {
  readonly title: string;
  /** The `id` of the element to which the skip link leads. */
  readonly skipTo: string;
  readonly header: Html;
  readonly main: Html;
}

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

/** An HTML document that needs nothing else, no script either. */
export function renderDocument({ title, skipTo, header, main }: Document): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#${skipTo}">Skip to the content</a>
        ${header}
        <main>${main}</main>
      </body>
    </html> `.toString();
}

/** Sends a document with the headers that keep it harmless, compressed where the client allows it. */
export function sendDocument(request: Request, response: Response, document: string): void {
  response.set(HEADERS).vary('Accept-Encoding').type('html');
  // The rows of a page resemble each other: a tenth of the bytes is left.
  if (request.acceptsEncodings('gzip') === false) response.send(document);
  else response.set('Content-Encoding', 'gzip').send(gzipSync(document));
}
