import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { certificateName } from './client-certificate.ts';

const users = new WeakMap<IncomingMessage, string>();

/** Keeps the name of the user whose password was right, for the handlers of the request. */
export function rememberUser(request: IncomingMessage, user: string): void {
  users.set(request, user);
}

/** Who sent a request: the user of basic authentication, else the name in a client certificate that was verified; undefined if nobody knows. */
export function identityOf(request: IncomingMessage): string | undefined {
  const user = users.get(request);
  if (user !== undefined) return user;
  const { socket } = request;
  return socket instanceof TLSSocket && socket.authorized ? certificateName(socket) : undefined;
}
