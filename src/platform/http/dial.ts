import { connect, type Socket } from 'node:net';
import { RequestError } from './failure.ts';
import type { Abortable } from './time-limit.ts';

/** Connects to the first of the addresses that answers. Each gets its share of the timeout (ms), so that a dead one does not hide the next. */
export async function dial(
  addresses: readonly string[],
  port: number,
  timeout: number,
  limit: Abortable,
): Promise<Socket> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await dialOne(address, port, timeout / addresses.length, limit);
    } catch (error) {
      failure = error;
      if (limit.aborted) break;
    }
  }
  throw failure;
}

async function dialOne(address: string, port: number, timeout: number, limit: Abortable): Promise<Socket> {
  const socket = connect({ host: address, port, noDelay: true });
  socket.setTimeout(timeout, () => socket.destroy(new RequestError('connect_timeout', 'no connection')));
  await opened(socket, 'connect', limit);
  return socket.setTimeout(0);
}

/** Waits for a socket to open; destroys it when it fails or the limit aborts. */
export async function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  limit: Abortable,
): Promise<void> {
  const giveUp = (): void => {
    socket.destroy(new Error('aborted'));
  };
  limit.addEventListener('abort', giveUp);
  if (limit.aborted) giveUp();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(event, resolve);
      // Stays: between two owners nobody else listens, and an unheard error would end the process.
      socket.on('error', reject);
    });
  } finally {
    limit.removeEventListener('abort', giveUp);
  }
}
