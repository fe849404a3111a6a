import { once } from 'node:events';
import { connect, type ConnectionOptions } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { createTlsParties } from '../../../support/tls-listener.ts';
import { ask, startListener } from '../../../support/web-listener.ts';

const { authority, server, start } = await createTlsParties();

/** What a handshake agreed on. */
async function handshake(url: string, options: ConnectionOptions = {}): Promise<(string | false | null)[]> {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    ca: authority.cert,
    ...options,
  });
  await once(socket, 'secureConnect');
  const agreed = [socket.alpnProtocol, socket.getProtocol(), socket.getCipher().name];
  socket.destroy();
  return agreed;
}

describe('tls_server_config', () => {
  it('serves HTTPS with a certificate from files beside the web config', async () => {
    const { url } = await start();

    expect(url).toMatch(/^https:/);
    expect(await ask(url, { ca: authority.cert })).toMatchObject({ status: 200, body: 'hello' });
  });

  it('serves HTTPS with a certificate from the web config itself', async () => {
    const { url } = await startListener({ tls_server_config: server });

    expect(await ask(url, { ca: authority.cert })).toMatchObject({ body: 'hello' });
  });

  it('answers nothing to plain HTTP', async () => {
    const { url } = await start();

    await expect(ask(url.replace('https', 'http'))).rejects.toThrow();
  });

  it('agrees on HTTP/1.1 with a client that would rather speak HTTP/2', async () => {
    const { url } = await start();

    expect(await handshake(url, { ALPNProtocols: ['h2', 'http/1.1'] })).toContain('http/1.1');
  });

  const suite = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
  it.each([
    [
      "TLS 1.2 with Go's name of a cipher",
      { max_version: 'TLS12', cipher_suites: [suite] },
      'TLSv1.2',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    ],
    [
      "TLS 1.2 with the first of Go's ciphers",
      { max_version: 'TLS12' },
      'TLSv1.2',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
    ],
    [
      'TLS 1.3 whatever the ciphers of TLS 1.2 are',
      { cipher_suites: [suite] },
      'TLSv1.3',
      'TLS_AES_128_GCM_SHA256',
    ],
    ['a curve of its choice', { curve_preferences: ['CurveP384'] }, 'TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
  ])('speaks %s', async (_, settings, ...agreed) => {
    const { url } = await start(settings);

    expect(await handshake(url)).toEqual(expect.arrayContaining(agreed));
  });

  it.each([
    ['an old version', { min_version: 'TLS13' }, { maxVersion: 'TLSv1.2' }],
    [
      'a cipher that is not listed',
      { max_version: 'TLS12', cipher_suites: [suite] },
      { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
    ],
    ['a curve that is not listed', { curve_preferences: ['CurveP384'] }, { ecdhCurve: 'P-256' }],
  ] as const)('refuses a client that speaks only %s', async (_, settings, options) => {
    const { url } = await start(settings);

    await expect(handshake(url, options)).rejects.toThrow(/handshake|version/);
  });

  it('resumes no session, so that each connection is judged anew', async () => {
    const { url } = await start();
    const sessions: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: authority.cert });
    socket.on('session', (session: Buffer) => sessions.push(session));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    const again = connect({
      host: '127.0.0.1',
      port: Number(new URL(url).port),
      ca: authority.cert,
      ...(sessions[0] && { session: sessions[0] }),
    });
    await once(again, 'secureConnect');

    expect(again.isSessionReused()).toBe(false);
    again.destroy();
  });
});
