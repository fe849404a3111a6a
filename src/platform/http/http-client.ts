import type { Span } from '../tracing/span.ts';
import { errorCode } from '../file/error-code.ts';
import { version } from '../file/package-files.ts';
import { createConnect, type ConnectTarget } from './connect.ts';
import type { Credentials } from './credentials.ts';
import type { EgressGuard } from './egress-guard.ts';
import { createExchange } from './exchange.ts';
import { RequestError, toRequestError, type NetworkFailure } from './failure.ts';
import { resolveBySystem, type ResolveName } from './name-resolver.ts';
import { TimeLimit, within } from './time-limit.ts';
import { createTlsSettings, type TlsOptions } from './tls-options.ts';
import { createPool } from './transport.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Milliseconds for the whole call, down to the last byte of the answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** What it is part of, if that is traced. */
  readonly span?: Span | undefined;
}

export type HttpResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  | {
      readonly ok: false;
      readonly failure: NetworkFailure;
      /** Of an answer that was too large. */
      readonly status?: number | undefined;
      /** A few words, without secrets. */
      readonly detail: string;
    };

export interface HttpClient {
  /** Never rejects. Any status is an answer, redirects too: none is followed. */
  request(request: HttpRequest): Promise<HttpResult>;
  /** Closes the kept connections, also those in use: wait first for the requests that are under way. */
  close(): void;
}

export interface HttpClientOptions {
  /** Milliseconds for resolving, connecting and TLS together. */
  readonly connectTimeout: number;
  /** For the body, also once it is unpacked. */
  readonly maxResponseBytes: number;
  /** Whether connections are kept for the next request: for few and busy hosts. */
  readonly keepAlive: boolean;
  readonly guard?: EgressGuard | undefined;
  readonly credentials?: Credentials | undefined;
  readonly tls?: TlsOptions | undefined;
  /**
   * Default: the system's resolver. Clients that talk to nodes should share one `createNodeNames()`, so that its limit holds
   * for the process.
   */
  readonly resolve?: ResolveName | undefined;
}

/** What each request says of this program. */
export const OWN_HEADERS = {
  'user-agent': `alertmanager-proxy/${version}`,
  'accept-encoding': 'gzip, identity',
};

/** All outgoing HTTP: bounded in time and size, no redirects, no environment proxy, only where the guard allows. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connectTimeout, maxResponseBytes, guard, credentials, resolve = resolveBySystem } = options;
  const connect = createConnect({ connectTimeout, resolve, guard, tls: createTlsSettings(options.tls) });
  const pool = options.keepAlive ? createPool(connect) : undefined;
  const exchange = createExchange({ connect, maxResponseBytes, pool });

  // Makes a span of the request, and tells the other side so.
  async function traced(call: HttpRequest, parent: Span): Promise<HttpResult> {
    const { method, url, headers } = call;
    const span = parent.request(method, { 'http.request.method': method, 'url.full': url });
    const result = await request({ ...call, headers: { ...headers, ...span.headers } });
    // opentelemetry.io/docs/specs/semconv/http: to the one who asks, every status from 400 is an error.
    if (!result.ok) span.end({ 'error.type': result.failure }, result.detail);
    else
      span.end({ 'http.response.status_code': result.status }, result.status < 400 ? undefined : 'refused');
    return result;
  }

  async function request(call: HttpRequest): Promise<HttpResult> {
    // For the whole call: axios' own timeout starts anew with each byte that trickles in.
    const limit = new TimeLimit(call.timeout, call.signal);
    try {
      const { method, url, body } = call;
      const target = targetOf(url);
      const headers = { ...OWN_HEADERS, ...call.headers, ...(await credentialHeaders(credentials, limit)) };
      const answer = await exchange({ method, url, target, headers, body, limit });
      return { ok: true, status: answer.status, headers: flatten(answer.headers), body: answer.data };
    } catch (error) {
      const { failure, status, message } = limit.aborted ? tooSlow(call) : toRequestError(error);
      return { ok: false, failure, status, detail: message };
    } finally {
      limit.clear();
    }
  }

  return {
    request: (call) => (call.span === undefined ? request(call) : traced(call, call.span)),
    close: () => pool?.close(),
  };
}

/** The headers of these credentials, if they can be read within the limit. Throws a RequestError. */
export async function credentialHeaders(
  credentials: Credentials | undefined,
  limit: TimeLimit,
): Promise<Readonly<Record<string, string>>> {
  if (credentials === undefined) return {};
  try {
    return await within(limit, credentials.headers());
  } catch (cause) {
    const words =
      errorCode(cause) === 'ERR_INVALID_CHAR'
        ? 'credentials hold a line break or another character that no header can carry'
        : 'credentials cannot be read';
    throw new RequestError('network', words, { cause });
  }
}

/** Where a URL leads. Throws a RequestError if it is not one to ask. */
export function targetOf(text: string): ConnectTarget {
  if (!URL.canParse(text)) throw new RequestError('blocked', 'not a URL');
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') throw new RequestError('blocked', 'scheme is not http or https');
  if (url.username !== '' || url.password !== '') throw new RequestError('blocked', 'credentials in the URL');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, secure };
}

/** The failure of a call whose time is over, or that its caller gave up. */
export function tooSlow({ timeout, signal }: Pick<HttpRequest, 'timeout' | 'signal'>): RequestError {
  return new RequestError(
    'timeout',
    signal?.aborted === true ? 'given up' : `no complete answer within ${timeout} ms`,
  );
}

/** Headers as one text each: several of one name become one, joined as HTTP has it. */
export function flatten(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const pairs = Object.entries<unknown>(headers);
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}
