import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../log.ts';
import { createDrain } from './drain.ts';
import { formatUrl, parseListenAddress, type ListenAddress } from './listen-address.ts';
import { ListenError } from './listen-error.ts';

/** A server that accepts requests until it is closed. */
export interface Listener {
  /** `http(s)://host:port` as bound; the port is the real one if 0 was asked for. */
  readonly url: string;
  /** Stops accepting, lets requests under way finish (20 s at most), then closes every connection. */
  close(): Promise<void>;
}

interface ListenOptions {
  /** `:9095`, `127.0.0.1:0`, `[::1]:9095`. */
  readonly listenAddress: string;
  readonly handler: RequestListener;
  /** TLS, users, headers, rate limit in exporter-toolkit's format; plain HTTP for everybody without. */
  readonly webConfigFile?: string | undefined;
  readonly log: Logger;
  /** For tests: times in milliseconds, shorter than those of production. */
  readonly times?: Partial<typeof TIMES>;
}

const TIMES = {
  /** Slow headers: the connection is cut. */
  headers: 30_000,
  /** A whole request: 32 MB in it are 110 KB/s; Prometheus itself gives up after 10 s. */
  request: 300_000,
  /** Go's client keeps idle connections for 5 minutes and never repeats a POST on one that was closed: it has to close first. */
  keepAlive: 360_000,
  /** How often slow connections are looked for. */
  check: 1_000,
  /** How long close() waits for requests under way. */
  drain: 20_000,
};

const MAX_HEADER_BYTES = 32 * 1024;

/** Starts to serve; throws a ListenError that says what to change. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const address = parseListenAddress(options.listenAddress);
  if (address === undefined) throw badAddress(options.listenAddress);
  if (options.webConfigFile !== undefined) throw new ListenError('web config files cannot be read yet');
  const times = { ...TIMES, ...options.times };

  const server = createServer(serverOptions(times));
  const drain = createDrain(server);
  server.on('request', (request, response) => {
    drain.track(request, response);
    options.handler(request, response);
  });

  const url = await bind(server, address, options.listenAddress);
  options.log.info({ url }, 'listening');
  return { url, close: () => drain.end(times.drain) };
}

function serverOptions(times: typeof TIMES): ServerOptions {
  return {
    headersTimeout: times.headers,
    requestTimeout: times.request,
    keepAliveTimeout: times.keepAlive,
    connectionsCheckingInterval: times.check,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Not even if the process was started with --insecure-http-parser: lenient parsing is what request smuggling needs.
    insecureHTTPParser: false,
  };
}

async function bind(server: Server, { host, port }: ListenAddress, text: string): Promise<string> {
  // Without a host, Node takes :: for IPv4 and IPv6, or 0.0.0.0 where there is no IPv6.
  server.listen({ port, ...(host !== undefined && { host }) });
  try {
    await once(server, 'listening');
  } catch (error: unknown) {
    throw cannotListen(error, text);
  }
  const bound = server.address() as AddressInfo;
  return formatUrl('http', bound.address, bound.port);
}

function badAddress(text: string): ListenError {
  return new ListenError(`listen address "${text}" is not of the form ":9095", "host:9095" or "[::1]:9095"`);
}

const SENTENCES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use by another process: stop that or choose another port',
  EACCES: 'the port may not be used by this user: choose one above 1023',
  EADDRNOTAVAIL: 'no interface of this machine has that address',
  ENOTFOUND: 'the host name does not resolve',
};

function cannotListen(error: unknown, text: string): ListenError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new ListenError(`cannot listen on "${text}": ${SENTENCES[code] ?? message}`, { cause: error });
}
