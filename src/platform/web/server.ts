import { createServer as createHttpServer, type Server as HttpServer, type ServerOptions } from 'node:http';
import {
  createServer as createHttpsServer,
  type Server as HttpsServer,
  type ServerOptions as HttpsServerOptions,
} from 'node:https';
import type { TLSSocket } from 'node:tls';
import { isAdmitted } from './client-certificate.ts';
import { errorCode } from '../file/error-code.ts';
import type { ConnectionObservers, RefusalReason } from './refusal.ts';
import type { TlsConfig } from './tls-config.ts';

/** Milliseconds. */
export interface ServerTimes {
  /** For the TLS handshake, and again for the headers of a request: who is slower is cut off. */
  readonly headers: number;
  /** For a whole request, and for each piece of its answer to be taken. */
  readonly request: number;
  /** How long an idle connection is kept. */
  readonly keepAlive: number;
  /** Between two searches for slow connections. */
  readonly check: number;
}

interface WebServer {
  readonly scheme: 'http' | 'https';
  readonly server: HttpServer | HttpsServer;
  /** New connections are made by this config; for a server that began with one. */
  readonly useTls: (config: TlsConfig) => void;
}

// Twice Node's own limit: room for long tokens and cookies, no room for a flood. More is answered with 431.
const MAX_HEADER_BYTES = 32 * 1024;

// A certificate is whatever the other side wrote into it: one that cannot be read is refused.
function isSafelyAdmitted(socket: TLSSocket, tls: TlsConfig): boolean {
  try {
    return isAdmitted(socket, tls);
  } catch {
    return false;
  }
}

/** A server that speaks HTTP/1.1, over TLS if there is a config for it; it does not listen yet. */
export function createServer(
  tls: TlsConfig | undefined,
  times: ServerTimes,
  observers: ConnectionObservers,
): WebServer {
  const options: ServerOptions = {
    headersTimeout: times.headers,
    requestTimeout: times.request,
    keepAliveTimeout: times.keepAlive,
    connectionsCheckingInterval: times.check,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Whatever flags the process was started with: request smuggling needs a lenient parser.
    insecureHTTPParser: false,
  };
  const webServer: WebServer =
    tls === undefined
      ? { scheme: 'http', server: createHttpServer(options), useTls: () => undefined }
      : createTlsServer(tls, { ...options, handshakeTimeout: times.headers }, observers);
  // A client that takes nothing of its answer for that long is cut off too.
  webServer.server.setTimeout(times.request);
  return webServer;
}

// HTTP/1.1 only: ALPN answers http/1.1 to clients that also offer h2, and express does not run on Node's HTTP/2 requests.
function createTlsServer(
  initial: TlsConfig,
  options: HttpsServerOptions,
  { log, onRefused }: ConnectionObservers,
): WebServer {
  let tls = initial;
  const server = createHttpsServer({
    ...options,
    ...tls.context,
    requestCert: tls.clientAuthType !== 'NoClientCert',
    rejectUnauthorized: tls.clientAuthType === 'RequireAndVerifyClientCert',
  });
  server.on('tlsClientError', (err, { remoteAddress }) => {
    log.debug({ remote: remoteAddress, err }, 'TLS handshake failed');
    const reason = reasonOf(err);
    if (reason !== undefined) onRefused({ reason, address: remoteAddress });
  });
  // Before Node's own listener, which starts to read requests.
  server.prependListener('secureConnection', (socket) => {
    if (isSafelyAdmitted(socket, tls)) return;
    log.debug({ remote: socket.remoteAddress }, 'client certificate refused');
    onRefused({ reason: 'client_certificate', address: socket.remoteAddress });
    socket.destroy();
  });
  return {
    scheme: 'https',
    server,
    useTls(changed) {
      tls = changed;
      server.setSecureContext(changed.context);
    },
  };
}

// A connection that is closed without a word is a probe's, and no one is turned away.
function reasonOf(error: Error): RefusalReason | undefined {
  const code = errorCode(error) ?? '';
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'http_on_tls';
  return code.startsWith('ERR_SSL_') ? 'tls' : undefined;
}
