import type { Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';
import { waitAtMost } from '../time/wait-at-most.ts';

// A request that was on the wire when the drain began is answered too: senders such as Prometheus do not repeat a POST.
const ON_THE_WIRE_MS = 100;
// After the last answer, what is left are connections that never sent a request, and readers of the last bytes.
const LAST_BYTES = 1000;

/** Ends a server without cutting off a request. */
export interface Drain {
  /** To be told of each answer before its request is handled. */
  track(response: ServerResponse): void;
  /** Stops accepting, lets requests under way finish for at most the given milliseconds, then closes every connection. */
  end(bound: number): Promise<void>;
}

export function createDrain(server: HttpServer | HttpsServer): Drain {
  const underWay = new Set<ServerResponse>();
  // Our own list: Node's closeAllConnections() does not know those in a TLS handshake.
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  let ending: Promise<void> | undefined;
  let whenQuiet: (() => void) | undefined;

  function track(response: ServerResponse): void {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      if (underWay.size === 0) whenQuiet?.();
    });
    if (ending !== undefined) announceClose(response);
  }

  async function drain(bound: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      server.once('close', resolve);
    });
    // Not http.Server's own close() yet: it also cuts idle connections, on which a request may be arriving.
    NetServer.prototype.close.call(server);
    underWay.forEach(announceClose);
    await waitAtMost(ON_THE_WIRE_MS, closed);
    server.close();
    const quiet = new Promise<void>((resolve) => {
      whenQuiet = resolve;
      if (underWay.size === 0) resolve();
    });
    await waitAtMost(bound, quiet);
    if (underWay.size === 0) await waitAtMost(LAST_BYTES, closed);
    connections.forEach((socket) => socket.destroy());
    await closed;
  }

  return { track, end: (bound) => (ending ??= drain(bound)) };
}

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
