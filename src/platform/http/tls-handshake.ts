import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { errorCode } from '../file/error-code.ts';
import { opened } from './dial.ts';
import { RequestError, wordsOfCode } from './failure.ts';
import { within, type Abortable } from './time-limit.ts';
import type { TlsSettings } from './tls-options.ts';

/** Starts TLS on a connection to this host; a failure destroys the connection. */
export async function startTls(
  socket: Socket,
  host: string,
  tls: TlsSettings,
  limit: Abortable,
): Promise<TLSSocket> {
  const name = tls.serverName ?? host;
  try {
    const secured = connect({
      socket,
      host: name,
      // An address must not go into SNI (RFC 6066); as `host` it is still compared with the certificate.
      ...(isIP(name) === 0 && { servername: name }),
      secureContext: await within(limit, tls.context()),
      rejectUnauthorized: tls.rejectUnauthorized,
      ALPNProtocols: ['http/1.1'],
    });
    await opened(secured, 'secureConnect', limit);
    return secured;
  } catch (cause) {
    socket.destroy();
    const code = errorCode(cause);
    const words = code === undefined ? 'TLS material cannot be used' : wordsOfCode(code);
    throw new RequestError('tls', words, { cause });
  }
}
