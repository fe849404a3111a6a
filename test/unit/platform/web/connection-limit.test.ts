import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { affordableConnections } from '../../../../src/platform/web/affordable-connections.ts';
import { createTlsParties } from '../../../support/tls-listener.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { ask, startListener, type TestListener } from '../../../support/web-listener.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Opens a connection, one after the other: their order is theirs on the other side as well. */
async function open({ url }: TestListener, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), localAddress });
  socket.on('error', () => undefined).resume();
  sockets.push(socket);
  await once(socket, 'connect');
  // The listener has taken it once it has read and answered something of it.
  socket.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
  await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  return socket;
}

describe('a listener with as many connections as it may have', () => {
  it('closes the one that has been idle for longest, says so once, and still answers', async () => {
    const listener = await startListener({}, {}, { maxConnections: 4 });
    const opened: Socket[] = [];
    for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'])
      opened.push(await open(listener, address));

    for (const address of ['127.0.0.5', '127.0.0.6'])
      expect((await ask(listener.url, { localAddress: address })).status).toBe(200);

    await waitFor('two to be closed', () => opened.filter(({ closed }) => closed).length >= 1);
    expect(opened[0]?.closed).toBe(true);
    expect(opened[3]?.closed).toBe(false);
    expect(listener.log().split('too many connections')).toHaveLength(2);
    expect(listener.connections.limit).toBe(4);
    expect(listener.connections.open).toBeLessThanOrEqual(4);
  });

  it('takes from an address that has too many, not from the others', async () => {
    const listener = await startListener({}, {}, { maxConnections: 4 });
    const other = await open(listener, '127.0.0.2');
    const own: Socket[] = [];
    for (let number = 0; number < 5; number++) own.push(await open(listener));

    await waitFor('the first two', () => own[0]?.closed === true && own[1]?.closed === true);
    expect(own.slice(2).map(({ closed }) => closed)).toEqual([false, false, false]);
    expect(other.closed).toBe(false);
  });

  it.each(['plain HTTP', 'TLS'])('cuts no request that is under way, but the new one (%s)', async (kind) => {
    const isTls = kind === 'TLS';
    const { server, authority } = await createTlsParties();
    const release: (() => void)[] = [];
    const listener = await startListener(
      isTls ? { tls_server_config: server } : {},
      {},
      {
        maxConnections: 2,
        handler: (_, response) => {
          release.push(() => response.end('done'));
        },
      },
    );
    const options = { ca: authority.cert };
    const held = [
      ask(listener.url, { ...options, localAddress: '127.0.0.2' }),
      ask(listener.url, { ...options, localAddress: '127.0.0.3' }),
    ];
    await waitFor('both requests', () => release.length === 2);

    await expect(ask(listener.url, options)).rejects.toThrow();
    for (const end of release) end();
    expect((await Promise.all(held)).map(({ body }) => body)).toEqual(['done', 'done']);
  });
});

describe('affordableConnections', () => {
  it.each([
    [undefined, 10_000],
    [1_048_576, 10_000],
    [1024, 704],
    [256, 64],
    [64, 16],
  ])('leaves descriptors for the rest: of %s it takes %d', async (descriptors, connections) => {
    expect(await affordableConnections(320, () => Promise.resolve(descriptors))).toBe(connections);
  });
});
