import { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { AxiosHeaders, getAdapter, isAxiosError, type AxiosPromise, type AxiosResponse } from 'axios';
import type { Connect, ConnectTarget } from './connect.ts';
import { RequestError, toRequestError } from './failure.ts';
import type { TimeLimit } from './time-limit.ts';
import { createTransport, tooLarge, type Pool } from './transport.ts';

/** A request with all that goes out with it; its limit ends it. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly target: ConnectTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly limit: TimeLimit;
}

export type HttpAnswer = AxiosResponse<Buffer>;

interface ExchangeOptions {
  readonly connect: Connect;
  readonly maxResponseBytes: number;
  /** Without it each request has a connection of its own. */
  readonly pool: Pool | undefined;
}

// axios' adapter without the layers above it: merging of defaults, interceptors and transforms cost nearly as much CPU as the rest of axios.
const sendByAxios: (config: Parameters<ReturnType<typeof getAdapter>>[0]) => AxiosPromise<Buffer> =
  getAdapter('http');

/** Sends a request and takes in its answer, whatever the status; rejects with a RequestError. */
export function createExchange({ connect, maxResponseBytes, pool }: ExchangeOptions) {
  return async function exchange(request: OutgoingRequest): Promise<HttpAnswer> {
    try {
      if (request.limit.aborted) throw new Error('aborted');
      return await (pool === undefined ? sendAlone(request) : sendPooled(request, pool));
    } catch (error) {
      throw translate(error);
    }
  };

  async function sendAlone(request: OutgoingRequest): Promise<HttpAnswer> {
    const connection = await connect(request.target, request.limit);
    try {
      return await send(request, connection);
    } finally {
      connection.destroy();
    }
  }

  // The server may close a kept connection just when a request leaves, which says nothing about the server. A GET and a POST of alerts
  // may both be repeated: an Alertmanager takes the same alerts twice for once.
  async function sendPooled(request: OutgoingRequest, kept: Pool): Promise<HttpAnswer> {
    try {
      return await send(request, kept);
    } catch (error) {
      if (!wasClosedWhileIdle(error)) throw error;
      return await sendAlone(request);
    }
  }

  async function send(
    { method, url, headers, body, limit }: OutgoingRequest,
    via: Duplex | Pool,
  ): Promise<HttpAnswer> {
    let status: number | undefined;
    const transport = createTransport(via, maxResponseBytes, (answered) => (status = answered));
    const answer = sendByAxios({
      method,
      url,
      headers: new AxiosHeaders(headers),
      data: body,
      signal: limit,
      responseType: 'arraybuffer',
      maxContentLength: maxResponseBytes,
      maxRedirects: 0,
      proxy: false,
      validateStatus: null,
      transport,
    });
    return answer.catch((error: unknown) => {
      // axios has one code for several failures, and nothing but the sentence to tell them apart.
      const isTooLarge = isAxiosError(error) && error.message.startsWith('maxContentLength');
      throw isTooLarge ? tooLarge(maxResponseBytes, status) : error;
    });
  }

  function translate(error: unknown): RequestError {
    if (!isAxiosError(error)) return toRequestError(error);
    if (error.message === 'stream has been aborted') return new RequestError('network', 'answer broke off');
    return toRequestError(error);
  }
}

function wasClosedWhileIdle(error: unknown): boolean {
  if (!isAxiosError(error) || error.response !== undefined) return false;
  const wasReused = error.request instanceof ClientRequest && error.request.reusedSocket;
  return wasReused && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}
