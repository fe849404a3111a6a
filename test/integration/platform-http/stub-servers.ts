import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { Worker } from 'node:worker_threads';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { waitFor } from '../../support/wait-for.ts';

/** A server on a free port of a loopback address. */
export interface Stub {
  readonly port: number;
  /** `http://127.0.0.x:port`, no slash at the end. */
  readonly url: string;
  /** How many connections were made to it. */
  connections(): number;
  close(): Promise<void>;
}

export async function startHttp(listener: RequestListener, host = '127.0.0.1'): Promise<Stub> {
  return start(createHttpServer(listener), host);
}

/** A server that speaks whatever the handler writes. */
export async function startTcp(handler: (socket: Socket) => void, host = '127.0.0.1'): Promise<Stub> {
  return start(createTcpServer(handler), host);
}

/** An HTTPS server that answers `hello`, and closes. */
export async function startTls(options: TlsOptions): Promise<Stub> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'));
  });
  const stub = await start(server, '127.0.0.1');
  return { ...stub, url: `https://127.0.0.1:${stub.port}` };
}

async function start(server: Server, host: string): Promise<Stub> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    connections: () => connections,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const LISTEN_AND_BLOCK = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/**
 * A port that takes no more connections: a thread listens there and then blocks for good, and its queue is filled up, so that the
 * kernel drops every further SYN, as a firewall or a dead host would.
 */
export async function startBlackhole(): Promise<Stub> {
  const worker = new Worker(LISTEN_AND_BLOCK, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  while (await connects(port, fillers));
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    connections: () => 0,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}

async function connects(port: number, fillers: Socket[]): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port }).on('error', () => undefined);
  fillers.push(socket);
  return Promise.race([
    once(socket, 'connect').then(() => true),
    new Promise<false>((resolve) => {
      // A connection that is there already comes first, also if this thread had to wait for its turn.
      setTimeout(() => setImmediate(resolve, false), 300);
    }),
  ]);
}

// Test files share a process, and an earlier one may have left a connection of fetch's own pool behind.
const socketsOfOthers = countSockets();

/** Waits until this process holds no TCP connection any more but those of others; throws if that takes too long. */
export async function expectNoOpenSockets(): Promise<void> {
  const open = (): number => countSockets() - socketsOfOthers;
  await waitFor('every socket to be closed', () => open() <= 0, {
    everyMs: 5,
    show: () => `${open()} sockets are still open`,
  });
}

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
