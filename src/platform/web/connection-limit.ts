import type { ServerResponse } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import type { Logger } from '../log/log.ts';
import { ThrottledLogLine } from '../log/throttled-log-line.ts';
import { PLATFORM_LOG } from '../log/messages.ts';

/** How many connections a listener has, and may have. */
export interface OpenConnections {
  readonly open: number;
  readonly limit: number;
}

/** A connection, by what remains known of it once it is closed. */
interface Connection {
  readonly id: string;
  readonly address: string;
  readonly socket: Socket;
}

/** Connections that had to go, for the log. */
interface ClosedConnections {
  /** Idle ones that made room for others. */
  readonly closed: number;
  /** New ones that found no idle one to take the place of. */
  readonly refused: number;
  readonly limit: number;
  /** Who made the last of them necessary. */
  readonly client: string;
}

/** An address may have no more than this share of the connections: a proxy in front of the listener has all of them. */
const SHARE_OF_ADDRESS = 0.75;

/**
 * Bounds the connections of a server, in all and per address: a new one takes the place of the one that has been idle for longest, of
 * its own address if that has too many. Where none is idle, the new one is cut.
 */
export class ConnectionLimit {
  readonly #limit: number;
  readonly #open = new Map<string, Connection>();
  readonly #countByAddress = new Map<string, number>();
  /** The longest idle first. One that has sent nothing yet is idle as well. */
  readonly #idle = new Map<string, Connection>();
  readonly #line: ThrottledLogLine<ClosedConnections>;

  constructor(server: NetServer, limit: number, log: Logger) {
    this.#limit = limit;
    this.#line = createLine(log);
    server.on('connection', (socket: Socket) => {
      this.#take({ id: idOf(socket), address: socket.remoteAddress ?? '', socket });
    });
  }

  get connections(): OpenConnections {
    return { open: this.#open.size, limit: this.#limit };
  }

  /** To be told of each answer before its request is handled: until it has ended, its connection is not idle. */
  track(response: ServerResponse): void {
    if (response.socket === null) return;
    const id = idOf(response.socket);
    this.#idle.delete(id);
    response.once('close', () => {
      const connection = this.#open.get(id);
      if (connection !== undefined) this.#idle.set(id, connection);
    });
  }

  #take(connection: Connection): void {
    if (!this.#makeRoom(connection.address)) {
      connection.socket.destroy();
      return;
    }
    const { id, address, socket } = connection;
    this.#open.set(id, connection);
    this.#idle.set(id, connection);
    this.#countByAddress.set(address, this.#countOf(address) + 1);
    socket.once('close', () => {
      this.#forget(connection);
    });
  }

  #makeRoom(address: string): boolean {
    const isAddressFull = this.#countOf(address) >= Math.ceil(this.#limit * SHARE_OF_ADDRESS);
    if (!isAddressFull && this.#open.size < this.#limit) return true;
    const idle = [...this.#idle.values()];
    const victim = isAddressFull ? idle.find((one) => one.address === address) : idle[0];
    const made = victim === undefined ? { closed: 0, refused: 1 } : { closed: 1, refused: 0 };
    this.#line.note({ ...made, limit: this.#limit, client: address });
    if (victim === undefined) return false;
    victim.socket.destroy();
    this.#forget(victim);
    return true;
  }

  #forget(connection: Connection): void {
    const { id, address } = connection;
    if (this.#open.get(id) !== connection) return;
    this.#open.delete(id);
    this.#idle.delete(id);
    const left = this.#countOf(address) - 1;
    if (left > 0) this.#countByAddress.set(address, left);
    else this.#countByAddress.delete(address);
  }

  #countOf(address: string): number {
    return this.#countByAddress.get(address) ?? 0;
  }
}

// Of a connection with TLS, the server's events show two sockets; both have these.
function idOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

function createLine(log: Logger): ThrottledLogLine<ClosedConnections> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({
      ...later,
      closed: earlier.closed + later.closed,
      refused: earlier.refused + later.refused,
    }),
    say: (closed) => {
      log.warn(closed, PLATFORM_LOG.tooManyConnections);
    },
  });
}
