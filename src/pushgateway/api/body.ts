import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorCode } from '../../platform/file/error-code.ts';
import { ExpositionError } from '../exposition/metric-family.ts';
import { TooLargeError, unpackSnappy } from '../exposition/snappy.ts';

/** As it is sent. */
const MAX_BODY_BYTES = 8 * 1024 ** 2;
const MAX_UNPACKED_BYTES = 32 * 1024 ** 2;
const GZIP_HEADER_BYTES = 10;

const gunzipAsync = promisify(gunzip);

/** Takes in the whole body of a request. Throws a TooLargeError before it has taken in more than 8 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw new TooLargeError();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) throw new TooLargeError();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

/** The encodings that are unpacked, in any case (`gzip`, `snappy`). */
export type ContentEncoding = 'gzip' | 'snappy';

/** The encoding of a request's body; undefined: it says none, or another. */
export function encodingOf({ headers }: IncomingMessage): ContentEncoding | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  return encoding === 'gzip' || encoding === 'snappy' ? encoding : undefined;
}

/** Unpacks a body. Throws an ExpositionError in Go's words, or a TooLargeError for more than 32 MB. */
export async function unpack(body: Buffer, encoding: ContentEncoding | undefined): Promise<Buffer> {
  if (encoding === undefined) return body;
  if (encoding === 'snappy') return unpackSnappy(body, MAX_UNPACKED_BYTES);
  if (body.length === 0) throw new ExpositionError('EOF');
  try {
    return await gunzipAsync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    if (errorCode(cause) === 'ERR_BUFFER_TOO_LARGE') throw new TooLargeError();
    const isCut = errorCode(cause) === 'Z_BUF_ERROR' || body.length < GZIP_HEADER_BYTES;
    throw new ExpositionError(isCut ? 'unexpected EOF' : 'gzip: invalid header', { cause });
  }
}
