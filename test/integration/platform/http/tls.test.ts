import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpClient, type HttpResult } from '../../../../src/platform/http/http-client.ts';
import type { TlsOptions } from '../../../../src/platform/http/tls-options.ts';
import { Secret } from '../../../../src/platform/config/secret.ts';
import { createAuthority, LOOPBACK, type Authority, type Pem } from '../../../support/certificates.ts';
import { createTempFolder, type TempFolder } from '../../../support/temp-folder.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { expectNoOpenSockets, startTcp, startTls, type Stub } from '../../platform-http/stub-servers.ts';

let authority: Authority;
let stranger: Authority;
let server: Pem;
let known: Pem;
let folder: TempFolder;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  folder = createTempFolder();
  authority = await createAuthority();
  stranger = await createAuthority('somebody else');
  server = await authority.issue([
    { type: 'dns', value: 'node.example.com' },
    { type: 'ip', value: '127.0.0.1' },
  ]);
  known = await authority.issue([{ type: 'dns', value: 'proxy' }]);
});

afterAll(() => {
  folder.remove();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await expectNoOpenSockets();
});

async function register(stub: Promise<Stub>): Promise<Stub> {
  const started = await stub;
  cleanups.push(() => started.close());
  return started;
}

function createFetch(tls: TlsOptions | undefined, keepAlive = false): (url: string) => Promise<HttpResult> {
  const client = createHttpClient({
    connectTimeout: 1_000,
    maxResponseBytes: 1024,
    keepAlive,
    tls,
    resolve: () => Promise.resolve(['127.0.0.1']),
  });
  cleanups.push(() => {
    client.close();
  });
  return (url) => client.request({ method: 'GET', url, timeout: 3_000 });
}

const HELLO = { ok: true, status: 200, body: Buffer.from('hello') };

describe.each([
  ['a connection per request', false],
  ['kept connections', true],
])('https over %s', (_, keepAlive) => {
  it.each<[string, () => TlsOptions]>([
    ['the authority', () => ({ ca: authority.cert })],
    ['the authority in a file', () => ({ caFile: folder.write('ca.pem', authority.cert) })],
    // As Go: what ca_file holds is trusted, whether it is a root or not.
    ["the server's own certificate", () => ({ ca: server.cert })],
    ["the server's own certificate, in a file", () => ({ caFile: folder.write('leaf.pem', server.cert) })],
    ['another authority beside it', () => ({ ca: `${stranger.cert}\n${authority.cert}` })],
    ['no verification', () => ({ insecureSkipVerify: true })],
    ['another name that the certificate has', () => ({ ca: authority.cert, serverName: 'node.example.com' })],
    ['TLS 1.2 only', () => ({ ca: authority.cert, maxVersion: 'TLS12' })],
  ])('works with %s', async (_what, tls) => {
    const stub = await register(startTls(server));

    expect(await createFetch(tls(), keepAlive)(stub.url)).toMatchObject(HELLO);
  });

  it.each<[string, () => TlsOptions | undefined, string]>([
    [
      'an authority that nobody knows',
      () => undefined,
      'the certificate is not signed by a trusted authority',
    ],
    [
      'an authority that is not the trusted one',
      () => ({ ca: stranger.cert }),
      'the certificate is not signed by a trusted authority',
    ],
    [
      'a certificate for another name',
      () => ({ ca: authority.cert, serverName: 'other.example.com' }),
      'the name does not match the certificate',
    ],
    ['a missing file', () => ({ caFile: '/nonexistent/ca.pem' }), 'TLS material cannot be used'],
    [
      'a broken certificate',
      () => ({ cert: 'broken', key: new Secret('broken') }),
      'TLS material cannot be used',
    ],
  ])('fails with tls on %s', async (_what, tls, detail) => {
    const stub = await register(startTls(server));

    expect(await createFetch(tls(), keepAlive)(stub.url)).toEqual({ ok: false, failure: 'tls', detail });
  });

  it('fails with tls on a server that is too old', async () => {
    const stub = await register(startTls({ ...server, maxVersion: 'TLSv1.2' }));

    const result = await createFetch({ ca: authority.cert, minVersion: 'TLS13' }, keepAlive)(stub.url);

    expect(result).toMatchObject({ ok: false, failure: 'tls' });
  });

  it('fails with tls on a server that does not speak TLS', async () => {
    const stub = await register(startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));

    const result = await createFetch({ ca: authority.cert }, keepAlive)(`https://127.0.0.1:${stub.port}/`);

    expect(result).toEqual({ ok: false, failure: 'tls', detail: 'the other side does not speak TLS' });
  });

  it('fails with tls on a certificate that is out of date', async () => {
    const expired = await authority.issue(LOOPBACK, new Date(Date.now() - 60_000));
    const stub = await register(startTls(expired));

    const result = await createFetch({ ca: authority.cert }, keepAlive)(stub.url);

    expect(result).toEqual({ ok: false, failure: 'tls', detail: 'the certificate has expired' });
  });

  it('fails with tls on a server that never shakes hands, after the connect timeout', async () => {
    const stub = await register(startTcp(() => undefined));

    const result = await createFetch({ ca: authority.cert }, keepAlive)(`https://127.0.0.1:${stub.port}/`);

    expect(result).toEqual({ ok: false, failure: 'tls', detail: 'no TLS handshake within 1000 ms' });
  });
});

describe('the name of the URL', () => {
  it.each([
    ['is what the certificate must have', 'node.example.com', HELLO],
    ['fails with tls if it has not', 'other.example.com', { ok: false, failure: 'tls' }],
  ])('%s', async (_, name, result) => {
    const stub = await register(startTls(server));

    expect(await createFetch({ ca: authority.cert })(`https://${name}:${stub.port}/`)).toMatchObject(result);
  });
});

describe('a server that wants to know its clients', () => {
  const demanding = () => ({ ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true });

  it('is shown the certificate', async () => {
    const stub = await register(startTls(demanding()));
    const tls = { ca: authority.cert, cert: known.cert, key: new Secret(known.key) };

    expect(await createFetch(tls)(stub.url)).toMatchObject(HELLO);
  });

  // In TLS 1.3 the refusal comes after the handshake, and the reset behind it may overtake it.
  it.each([
    ['TLS12', ['tls']],
    ['TLS13', ['tls', 'network']],
  ] as const)('fails a client without one, in %s', async (version, failures) => {
    const stub = await register(startTls(demanding()));
    const tls = { ca: authority.cert, minVersion: version, maxVersion: version };

    const result = await createFetch(tls)(stub.url);
    expect(failures).toContain(result.ok ? 'nothing' : result.failure);
  });

  it('sees a renewed certificate without a restart, and the old one while the renewal is half done', async () => {
    const stub = await register(startTls({ ...demanding(), ca: stranger.cert }));
    const renewed = await stranger.issue([{ type: 'dns', value: 'proxy' }]);
    const troubles: string[] = [];
    const fetch = createFetch({
      ca: authority.cert,
      certFile: folder.write('client.pem', known.cert),
      keyFile: folder.write('client.key', known.key),
      onTrouble: (error) => troubles.push(error.message),
    });
    expect(await fetch(stub.url)).toMatchObject({ ok: false });

    folder.write('client.pem', renewed.cert);
    await waitFor('a complaint about the half', async () => {
      await fetch(stub.url);
      return troubles.length > 0;
    });
    expect(troubles).toEqual(['the TLS certificate, key or CA cannot be used']);

    folder.write('client.key', renewed.key);
    await waitFor('the renewed certificate', async () => (await fetch(stub.url)).ok);
  });
});
