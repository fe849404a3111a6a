import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createConnect } from './connect.ts';
import { RequestError, toRequestError } from './failure.ts';
import {
  credentialHeaders,
  flatten,
  OWN_HEADERS,
  targetOf,
  tooSlow,
  type HttpClientOptions,
  type HttpResult,
} from './http-client.ts';
import { resolveBySystem } from './name-resolver.ts';
import { TimeLimit } from './time-limit.ts';
import { createTlsSettings } from './tls-options.ts';
import { tooLarge } from './transport.ts';

export interface StreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Milliseconds for the whole call, down to the last byte of the answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Gets the unpacked body of a 2xx answer as it arrives; returns false if nothing more is wanted, which is no failure. */
  readonly onChunk?: (chunk: Buffer) => boolean;
}

/** Requests over a connection of their own each. None is ever repeated: what may be sent once only goes this way. */
export interface StreamClient {
  /** Never rejects. Any status is an answer. `body` holds what `onChunk` was not given. */
  request(request: StreamRequest): Promise<HttpResult>;
}

/** Outgoing HTTP whose answers are read while they arrive; bounded, guarded and without redirects as all of it. */
export function createStreamClient(options: Omit<HttpClientOptions, 'keepAlive'>): StreamClient {
  const { connectTimeout, maxResponseBytes, guard, credentials, resolve = resolveBySystem } = options;
  const connect = createConnect({ connectTimeout, resolve, guard, tls: createTlsSettings(options.tls) });

  async function request(call: StreamRequest): Promise<HttpResult> {
    const limit = new TimeLimit(call.timeout, call.signal);
    let connection: Duplex | undefined;
    const giveUp = (): void => {
      connection?.destroy(new Error('aborted'));
    };
    try {
      const own = await credentialHeaders(credentials, limit);
      connection = await connect(targetOf(call.url), limit);
      limit.addEventListener('abort', giveUp);
      if (limit.aborted) giveUp();
      const response = await send(call, { ...OWN_HEADERS, ...call.headers, ...own }, connection);
      return await read(response, call);
    } catch (error) {
      const { failure, status, message } = limit.aborted ? tooSlow(call) : toRequestError(error);
      return { ok: false, failure, status, detail: message };
    } finally {
      limit.clear();
      connection?.destroy();
    }
  }

  async function read(response: IncomingMessage, { onChunk }: StreamRequest): Promise<HttpResult> {
    const status = response.statusCode ?? 0;
    const wanted = status >= 200 && status < 300 ? onChunk : undefined;
    const kept: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of unpacked(response) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxResponseBytes) throw tooLarge(maxResponseBytes, status);
      if (wanted === undefined) kept.push(chunk);
      else if (!wanted(chunk)) break;
    }
    return { ok: true, status, headers: flatten(response.headers), body: Buffer.concat(kept) };
  }

  return { request };
}

function send(
  { method, url, body }: StreamRequest,
  headers: Readonly<Record<string, string>>,
  connection: Duplex,
): Promise<IncomingMessage> {
  const isSecure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(
      url,
      {
        method,
        headers: {
          ...headers,
          connection: 'close',
          ...(body !== undefined && { 'content-length': body.length }),
        },
        agent: undefined,
        createConnection: () => connection,
        defaultPort: isSecure ? 443 : 80,
      },
      resolve,
    );
    request.once('error', reject);
    request.end(body);
  });
}

function unpacked(response: IncomingMessage): Readable {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  const gunzip = createGunzip();
  response.once('error', (error) => gunzip.destroy(error));
  response.once('aborted', () => gunzip.destroy(new RequestError('network', 'answer broke off')));
  return response.pipe(gunzip);
}
