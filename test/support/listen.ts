import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** `127.0.0.1:PORT`, as it stands in a config. */
  readonly address: string;
  readonly port: number;
  /** Cuts what is still open, so that a hanging answer cannot hold up the end of a test. */
  readonly close: () => Promise<void>;
}

/** Serves over real HTTP on a free loopback port, or on the one that is asked for. */
export async function listen(listener: RequestListener, port = 0): Promise<Listening> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const address = `127.0.0.1:${bound}`;
  return {
    url: `http://${address}`,
    address,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
