import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { css, html, type Html } from './html.ts';
import { STYLE } from './style.ts';

export interface Document {
  readonly title: string;
  /** The `id` of the element to which the skip link leads. */
  readonly skipTo: string;
  readonly header: Html;
  readonly main: Html;
}

/** A style sheet, and the headers that go with it. */
export interface PageLook {
  readonly styleElement: Html;
  readonly headers: Readonly<Record<string, string>>;
}

/** The look that all pages share, with more of a part's own; `headers` replace those of the same name. */
export function createPageLook(
  ownStyle: Html = css``,
  headers: Readonly<Record<string, string>> = {},
): PageLook {
  const style = html`${STYLE}${ownStyle}`;
  const hash = createHash('sha256').update(style.toString()).digest('base64');
  // The hash is of all that stands between these tags.
  // prettier-ignore
  const styleElement = html`<style>${style}</style>`;
  return { styleElement, headers: { ...headersFor(hash), ...headers } };
}

const SHARED_LOOK = createPageLook();

// No script, nothing from elsewhere, this one style sheet, forms that lead back here, and no frame around it.
function headersFor(styleHash: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src 'sha256-${styleHash}'`,
      'img-src data:',
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
}

/** An HTML document that needs nothing else, no script either. */
export function renderDocument(
  { title, skipTo, header, main }: Document,
  { styleElement }: PageLook = SHARED_LOOK,
): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#${skipTo}">Skip to the content</a>
        ${header}
        <main>${main}</main>
      </body>
    </html> `.toString();
}

/** Sends a document with the headers that keep it harmless, compressed where the client allows it. */
export function sendDocument(
  request: Request,
  response: Response,
  document: string,
  { headers }: PageLook = SHARED_LOOK,
): void {
  response.set(headers).vary('Accept-Encoding').type('html');
  // The rows of a page resemble each other: a tenth of the bytes is left.
  if (request.acceptsEncodings('gzip') === false) response.send(document);
  else response.set('Content-Encoding', 'gzip').send(gzipSync(document));
}
