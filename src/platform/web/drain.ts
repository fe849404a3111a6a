import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

// A request that was on the wire when the drain began is answered too: senders such as Prometheus do not repeat a POST.
const ON_THE_WIRE = 100;
// After the last answer, what is left are connections that never sent a request, and readers of the last bytes.
const LAST_BYTES = 1000;

/** Ends a server without cutting off a request. */
export interface Drain {
  /** To be called with each request before it is handled. */
  track(request: IncomingMessage, response: ServerResponse): void;
  /** Stops accepting, lets requests under way finish for at most the given milliseconds, then closes every connection. */
  end(bound: number): Promise<void>;
}

export function createDrain(server: Server): Drain {
  const underWay = new Set<ServerResponse>();
  let ending: Promise<void> | undefined;
  let whenQuiet: (() => void) | undefined;

  function track(_: IncomingMessage, response: ServerResponse): void {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      if (underWay.size === 0) whenQuiet?.();
    });
    if (ending !== undefined) announceClose(response);
  }

  async function drain(bound: number): Promise<void> {
    // http.Server's own close() would cut idle connections at once, on which a request may be arriving.
    const closed = new Promise<void>((resolve) =>
      NetServer.prototype.close.call(server, () => {
        resolve();
      }),
    );
    underWay.forEach(announceClose);
    await firstOf(closed, ON_THE_WIRE);
    server.closeIdleConnections();
    const quiet = new Promise<void>((resolve) => {
      whenQuiet = resolve;
      if (underWay.size === 0) resolve();
    });
    await firstOf(quiet, bound);
    if (underWay.size === 0) await firstOf(closed, LAST_BYTES);
    server.closeAllConnections();
    await closed;
  }

  return { track, end: (bound) => (ending ??= drain(bound)) };
}

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/** Waits for the event, but no longer than the given milliseconds. */
async function firstOf(event: Promise<void>, milliseconds: number): Promise<void> {
  const timer = new AbortController();
  const timeout = delay(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([event, timeout]);
  timer.abort();
}
