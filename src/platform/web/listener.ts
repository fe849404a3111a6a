import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { errorCode } from '../file/error-code.ts';
import { describeError, type Logger } from '../log/log.ts';
import { affordableConnections } from './affordable-connections.ts';
import { ConnectionLimit, type OpenConnections } from './connection-limit.ts';
import { createDrain } from './drain.ts';
import { createGuard } from './guard.ts';
import { formatUrl, parseListenAddress, type ListenAddress } from './listen-address.ts';
import { ListenError } from './listen-error.ts';
import type { OnRefused } from './refusal.ts';
import { createServer, type ServerTimes } from './server.ts';
import type { WebConfig } from './web-config.ts';

/** A server that accepts requests until it is closed. */
export interface Listener {
  /** `http(s)://host:port` as bound; the port is the real one if 0 was asked for. */
  readonly url: string;
  readonly connections: OpenConnections;
  /** Stops accepting, lets requests under way finish (20 s at most), then closes every connection. */
  close(): Promise<void>;
}

interface ListenOptions {
  /** `:9095`, `127.0.0.1:0`, `[::1]:9095`. */
  readonly listenAddress: string;
  readonly handler: RequestListener;
  /** What stands before `/-/healthy` and `/-/ready`, which answer without a password; default `/`. */
  readonly routePrefix?: string | undefined;
  /** Connections at a time; default: what the limit of file descriptors leaves. */
  readonly maxConnections?: number | undefined;
  /** TLS, users, headers, rate limit (docs/web-configuration.md); plain HTTP for everybody without. */
  readonly webConfigFile?: string | undefined;
  readonly log: Logger;
  /** Told of each request that is turned away before the handler sees it. */
  readonly onRefused?: OnRefused | undefined;
  /** For tests, which cannot wait as long as production does. */
  readonly times?: Partial<Times>;
}

/** Milliseconds. */
interface Times extends ServerTimes {
  /** Between two looks at the web config file; a change counts after two. */
  readonly look: number;
  /** For requests under way when the listener closes. */
  readonly drain: number;
}

const TIMES: Times = {
  headers: 30_000,
  // 32 MB in it are 110 KB/s; Prometheus itself gives up after 10 s.
  request: 300_000,
  // Go's client keeps idle connections for 5 minutes and never repeats a POST on one that was closed: it has to be first.
  keepAlive: 360_000,
  check: 1_000,
  look: 5_000,
  drain: 20_000,
};

const NO_WEB_CONFIG: WebConfig = {
  tls: undefined,
  headers: {},
  users: new Map(),
  rateLimit: undefined,
};

/** Starts to serve; throws a ListenError that says what to change. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { listenAddress, webConfigFile, log, onRefused = () => undefined } = options;
  const times = { ...TIMES, ...options.times };
  const address = parseListenAddress(listenAddress);
  if (address === undefined) throw badAddress(listenAddress);
  const config = webConfigFile === undefined ? NO_WEB_CONFIG : await load(webConfigFile);

  const observers = { log, onRefused };
  const { scheme, server, useTls } = createServer(config.tls, times, observers);
  const openPaths = probePaths(options);
  const guard = createGuard(options.handler, { initial: config, openPaths, ...observers });
  const drain = createDrain(server);
  const maxConnections = options.maxConnections ?? (await affordableConnections());
  const limit = new ConnectionLimit(server, maxConnections, log);
  server.on('request', (request, response) => {
    drain.track(response);
    limit.track(response);
    guard.handler(request, response);
  });
  const { host, port } = await bind(server, address, listenAddress);
  const url = formatUrl(scheme, host, port);
  log.info({ url }, 'listening');

  const stop = new AbortController();
  if (webConfigFile !== undefined) {
    const apply = (changed: WebConfig): void => {
      guard.follow(changed);
      if (changed.tls !== undefined) useTls(changed.tls);
    };
    const { watchWebConfig } = await import('./watch-web-config.ts');
    void watchWebConfig({
      file: webConfigFile,
      interval: times.look,
      inForce: config,
      apply,
      log,
      signal: stop.signal,
    });
  }
  return {
    url,
    get connections() {
      return limit.connections;
    },
    close: () => {
      stop.abort();
      return drain.end(times.drain);
    },
  };
}

function probePaths({ routePrefix = '/' }: ListenOptions): string[] {
  const prefix = routePrefix.replace(/\/+$/, '');
  return [`${prefix}/-/healthy`, `${prefix}/-/ready`];
}

// What reads such a file takes 10 MB, which an agent without one does not pay.
async function load(file: string): Promise<WebConfig> {
  const { loadWebConfig } = await import('./web-config.ts');
  const loaded = await loadWebConfig(file);
  if (!loaded.ok) throw new ListenError(loaded.problems.join('\n'));
  return loaded.config;
}

async function bind(
  server: Server,
  { host, port }: ListenAddress,
  text: string,
): Promise<{ host: string; port: number }> {
  // Without a host, Node takes :: for IPv4 and IPv6, or 0.0.0.0 where there is no IPv6.
  server.listen({ port, ...(host !== undefined && { host }) });
  try {
    await once(server, 'listening');
  } catch (error: unknown) {
    throw cannotListen(error, text);
  }
  const bound = server.address() as AddressInfo;
  return { host: bound.address, port: bound.port };
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
  const reason = SENTENCES[errorCode(error) ?? ''] ?? describeError(error);
  return new ListenError(`cannot listen on "${text}": ${reason}`, { cause: error });
}
