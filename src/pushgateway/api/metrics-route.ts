import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import pLimit from 'p-limit';
import type { Escaping } from '../exposition/write.ts';
import type { ScrapedFamily } from '../metrics/scraped-families.ts';

interface MetricsRouteOptions {
  /** All that is exposed, as it is at this moment. */
  readonly families: (escaping: Escaping) => Promise<readonly ScrapedFamily[]>;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=';
const MAX_SCRAPES = 4;
const PIECE_LENGTH = 64 * 1024;

/** `GET /metrics`: written piece by piece, so that pushes are taken in meanwhile. The next waits while four are being written. */
export function createMetricsRoute({ families }: MetricsRouteOptions): RequestHandler {
  const limit = pLimit(MAX_SCRAPES);
  return async function answerMetrics(request, response) {
    const escaping = escapingOf(request);
    await limit(async () => {
      if (response.destroyed) return;
      response.setHeader('Content-Type', `${CONTENT_TYPE}${escaping}`);
      response.vary('Accept-Encoding');
      await send(piecesOf(await families(escaping)), request, response);
    });
  };
}

async function send(pieces: Iterable<string>, request: Request, response: Response): Promise<void> {
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (request.acceptsEncodings('gzip') === false) {
    await writeAll(pieces, response);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  const gzip = createGzip({ level: 1 });
  response.once('close', () => gzip.destroy());
  gzip.pipe(response);
  await writeAll(pieces, gzip);
}

// A client that goes away ends it.
async function writeAll(pieces: Iterable<string>, sink: Writable): Promise<void> {
  const gone = new Promise<void>((resolve) => sink.once('close', resolve));
  for (const piece of pieces) {
    if (sink.destroyed) return;
    if (!sink.write(piece)) await Promise.race([once(sink, 'drain').catch(() => undefined), gone]);
    await nextTurn();
  }
  sink.end();
}

/** The families in the order of their names, those of one name together, in pieces of about 64 KiB. */
function* piecesOf(families: readonly ScrapedFamily[]): Generator<string> {
  let piece = '';
  let name: string | undefined;
  for (const family of families.toSorted((one, other) =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : 0,
  )) {
    if (family.name !== name) piece += family.head;
    name = family.name;
    for (const samples of family.samples) {
      piece += samples;
      if (piece.length < PIECE_LENGTH) continue;
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

// As Prometheus 3 asks for it.
function escapingOf(request: Request): Escaping {
  return /escaping=allow-utf-8/i.test(request.headers.accept ?? '') ? 'allow-utf-8' : 'underscores';
}
