import {
  Agent as HttpAgent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connect } from './connect.ts';
import { RequestError, toRequestError } from './failure.ts';

/** What axios takes for `http` and `https`. */
export interface Transport {
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
}

type Scheme = 'http' | 'https';

/** Connections that are kept for the next request. */
export interface Pool {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  close(): void;
}

/** Sends over the given connection or pool, tells the status, and refuses an answer that is announced as too large. */
export function createTransport(
  via: Duplex | Pool,
  maxResponseBytes: number,
  onStatus: (status: number | undefined) => void,
): Transport {
  return {
    request(options, onResponse) {
      const scheme = options.protocol === 'https:' ? 'https' : 'http';
      const send = scheme === 'https' ? requestHttps : requestHttp;
      const request = send({ ...options, ...routeOf(via, scheme) }, (response) => {
        onStatus(response.statusCode);
        const announced = Number(response.headers['content-length'] ?? 0);
        if (announced > maxResponseBytes) request.destroy(tooLarge(maxResponseBytes, response.statusCode));
        else onResponse(response);
      });
      return request;
    },
  };
}

export function createPool(connect: Connect): Pool {
  const http = keepConnections(new HttpAgent({ keepAlive: true }), connect, 'http');
  const https = keepConnections(new HttpsAgent({ keepAlive: true }), connect, 'https');
  return {
    http,
    https,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}

export function tooLarge(maxResponseBytes: number, status: number | undefined): RequestError {
  return new RequestError('too_large', `answer larger than ${maxResponseBytes} bytes`, { status });
}

function routeOf(via: Duplex | Pool, scheme: Scheme): RequestOptions {
  if ('http' in via) return { agent: via[scheme] };
  // Without an agent, Node would think of port 80 as https' default and write `:443` into the Host header.
  return { agent: undefined, createConnection: () => via, defaultPort: scheme === 'https' ? 443 : 80 };
}

// A request that gives up leaves its connection attempt to the pool: `connect` has a time limit of its own.
function keepConnections<A extends HttpAgent>(agent: A, connect: Connect, scheme: Scheme): A {
  agent.createConnection = ({ host, port }, callback) => {
    connect({ host: host ?? '', port: Number(port), secure: scheme === 'https' }).then(
      (connection) => callback?.(null, connection),
      // Node looks at the error first; only its types want a socket beside it.
      (error: unknown) => callback?.(toRequestError(error), new Socket()),
    );
    return undefined;
  };
  return agent;
}
