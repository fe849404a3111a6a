// Sensu's client socket (client/socket.rb): programs push results as JSON over TCP or UDP, without any framing.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { SocketAddress } from '../sensu/client-definition.ts';
import type { PushListener } from './push-listener.ts';
import { MAX_PUSHED_BYTES, type ResultInput } from '../checks/pushed-result.ts';

const IDLE_MS = 500;
// How long a sender may take to read its answer, and to stop sending what is too large.
const ANSWER_MS = 500;
const MAX_CONNECTIONS = 256;

/** Listens for results over TCP: the answer is `ok`, `invalid`, or `pong` to a `ping`. */
export async function listenTcp({ bind, port }: SocketAddress, input: ResultInput): Promise<PushListener> {
  const open = new Set<Socket>();
  // A sender that has closed its side still waits for the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serve(socket, input);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, bind);
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Listens for results over UDP, one datagram each; nothing is answered. */
export async function listenUdp({ bind, port }: SocketAddress, input: ResultInput): Promise<PushListener> {
  const socket: UdpSocket = createSocket(bind.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (message) => {
    if (isPing(message)) return;
    const pushed = input.take(message);
    if (pushed.outcome !== 'accepted') input.refuse(pushed.reason);
  });
  socket.bind(port, bind);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    port: socket.address().port,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function serve(socket: Socket, input: ResultInput): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let parsed = 0;
  // Closes after the answer as Sensu does: a sender that stays does not keep others out.
  const answer = (text: 'ok' | 'pong' | 'invalid'): void => {
    socket.removeAllListeners('data').removeAllListeners('timeout').off('end', parseRest).resume();
    const close = (): void => {
      socket.destroy();
    };
    const late = setTimeout(close, ANSWER_MS);
    socket.once('close', () => {
      clearTimeout(late);
    });
    // To close with data unread would reset the connection, and the answer might be lost.
    socket.end(text, size > MAX_PUSHED_BYTES ? undefined : close);
  };
  const refuse = (reason: string): void => {
    input.refuse(reason);
    answer('invalid');
  };
  // Text that does not parse may have more to come; its end or silence will tell.
  const parse = (): void => {
    parsed = size;
    const pushed = input.take(Buffer.concat(chunks));
    if (pushed.outcome === 'accepted') answer('ok');
    else if (pushed.outcome === 'refused') refuse(pushed.reason);
  };
  const parseRest = (): void => {
    if (size > parsed) parse();
  };
  socket.on('error', () => socket.destroy());
  socket.on('end', parseRest);
  socket.setTimeout(IDLE_MS, () => {
    parseRest();
    if (socket.writable) refuse(`no whole JSON text within ${IDLE_MS} ms of the last data`);
  });
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_PUSHED_BYTES) refuse(`larger than ${MAX_PUSHED_BYTES} bytes`);
    else if (size === chunk.length && isPing(chunk)) answer('pong');
    // Parsing anew at every bracket would take time by the square of the size.
    else if (size >= 2 * parsed && mayBeWhole(chunk)) parse();
  });
}

// An object or an array ends with its bracket: parsing after every other chunk would be in vain.
function mayBeWhole(chunk: Buffer): boolean {
  return /[\]}]\s*$/.test(chunk.toString('latin1', Math.max(0, chunk.length - 64)));
}

function isPing(data: Buffer): boolean {
  return data.length < 64 && data.toString('latin1').trim() === 'ping';
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
