import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createHttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpResult,
} from '../../../../src/platform/http/http-client.ts';
import { freePort } from '../../../../src/quickstart/free-port.ts';
import { waitFor } from '../../../support/wait-for.ts';
import {
  expectNoOpenSockets,
  startBlackhole,
  startHttp,
  startTcp,
  type Stub,
} from '../../platform-http/stub-servers.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function register(stub: Stub): Stub {
  cleanups.push(() => stub.close());
  return stub;
}

async function fetchFrom(
  url: string,
  request: Partial<HttpRequest> = {},
  options: Partial<HttpClientOptions> = {},
): Promise<HttpResult> {
  const client = createHttpClient({
    connectTimeout: 10_000,
    maxResponseBytes: 1024,
    keepAlive: false,
    ...options,
  });
  cleanups.push(() => {
    client.close();
  });
  return client.request({ method: 'GET', url, timeout: 20_000, ...request });
}

async function fetchFromTcp(write: (socket: Socket) => void, timeout?: number): Promise<HttpResult> {
  const stub = register(
    await startTcp((socket) => {
      socket.once('data', () => {
        write(socket);
      });
    }),
  );
  return fetchFrom(stub.url, timeout === undefined ? {} : { timeout });
}

describe.each([
  ['a connection per request', false],
  ['kept connections', true],
])('a request over %s', (_, keepAlive) => {
  it('that nobody acknowledges fails with connect_timeout after the connect timeout', async () => {
    const blackhole = await startBlackhole();
    const started = performance.now();

    const result = await fetchFrom(blackhole.url, {}, { keepAlive, connectTimeout: 200 });

    const took = performance.now() - started;
    await blackhole.close();
    expect(result).toEqual({
      ok: false,
      failure: 'connect_timeout',
      detail: expect.stringContaining('no connection'),
    });
    expect(took).toBeGreaterThan(190);
    expect(took).toBeLessThan(5_000);
    await expectNoOpenSockets();
  });

  it('that is refused fails with refused', async () => {
    const result = await fetchFrom(`http://127.0.0.1:${await freePort()}/`, {}, { keepAlive });

    expect(result).toEqual({ ok: false, failure: 'refused', detail: 'connection refused' });
    await expectNoOpenSockets();
  });

  it('whose time is up while it connects fails with timeout at once, and leaves nothing', async () => {
    const blackhole = await startBlackhole();

    const result = await fetchFrom(blackhole.url, { timeout: 50 }, { keepAlive, connectTimeout: 300 });

    await blackhole.close();
    expect(result).toMatchObject({ ok: false, failure: 'timeout' });
    await expectNoOpenSockets();
  });

  it('that is given up from outside fails with timeout at once', async () => {
    const stub = register(await startHttp(() => undefined));
    const outside = new AbortController();
    const pending = fetchFrom(stub.url, { signal: outside.signal }, { keepAlive });
    await waitFor('the connection', () => stub.connections() > 0);
    const started = performance.now();
    outside.abort();

    expect(await pending).toEqual({ ok: false, failure: 'timeout', detail: 'given up' });
    expect(performance.now() - started).toBeLessThan(5_000);
    await expectNoOpenSockets();
  });

  it('that is given up before it begins connects nowhere', async () => {
    const stub = register(await startHttp((_request, response) => response.end()));

    const result = await fetchFrom(stub.url, { signal: AbortSignal.abort() }, { keepAlive });

    expect(result).toMatchObject({ ok: false, failure: 'timeout' });
    expect(stub.connections()).toBe(0);
    await expectNoOpenSockets();
  });
});

describe('a server that', () => {
  const trickle = (socket: Socket): void => {
    socket.write(`${HEAD}Content-Length: 1000\r\n\r\n`);
    const timer = setInterval(() => socket.write('x'), 50);
    socket.on('close', () => {
      clearInterval(timer);
    });
  };

  it.each<[string, (socket: Socket) => void, string]>([
    ['never answers', () => undefined, 'timeout'],
    ['sends headers only', (socket) => socket.write(`${HEAD}Content-Length: 5\r\n\r\n`), 'timeout'],
    ['stops in the middle of its headers', (socket) => socket.write('HTTP/1.1 2'), 'timeout'],
    ['trickles its body', trickle, 'timeout'],
    ['closes without a word', (socket) => socket.end(), 'network'],
    ['resets the connection', (socket) => socket.resetAndDestroy(), 'network'],
    ['does not speak HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'bad_response'],
    ['breaks off its body', (socket) => socket.end(`${HEAD}Content-Length: 500\r\n\r\nhalf`), 'network'],
    [
      'breaks off a chunked body',
      (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`),
      'network',
    ],
    [
      'sends gzip that is none',
      (socket) => socket.end(`${HEAD}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope`),
      'bad_response',
    ],
    [
      'sends headers without end',
      (socket) => socket.write(HEAD + `X: ${'y'.repeat(100_000)}`),
      'bad_response',
    ],
  ])('%s', async (_, write, failure) => {
    const started = performance.now();

    const result = await fetchFromTcp(write, failure === 'timeout' ? 400 : undefined);

    expect(result).toMatchObject({ ok: false, failure });
    expect(performance.now() - started).toBeLessThan(5_000);
    await expectNoOpenSockets();
  });

  it('announces a body over the limit is cut off at once', async () => {
    const result = await fetchFromTcp((socket) => socket.write(`${HEAD}Content-Length: 1025\r\n\r\n`));

    const detail = 'answer larger than 1024 bytes';
    expect(result).toEqual({ ok: false, failure: 'too_large', status: 200, detail });
    await expectNoOpenSockets();
  });

  it.each([
    ['sends a body over the limit without announcing it', 'identity', Buffer.alloc(5_000)],
    ['sends a gzip bomb', 'gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['sends a small gzip bomb', 'gzip', gzipSync(Buffer.alloc(1_025))],
  ])('%s is cut off', async (_, encoding, body) => {
    const stub = register(
      await startHttp((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding, 'transfer-encoding': 'chunked' });
        response.end(body);
      }),
    );

    expect(await fetchFrom(stub.url)).toMatchObject({ ok: false, failure: 'too_large' });
    await expectNoOpenSockets();
  });
});

describe('a URL that', () => {
  it.each([
    ['is none', 'http://'],
    ['has another scheme', 'file:///etc/passwd'],
    ['is data', 'data:text/plain,hello'],
    ['carries credentials', 'http://user:hunter2@127.0.0.1:1/'],
  ])('%s is blocked, and not repeated in the answer', async (_, url) => {
    const result = await fetchFrom(url);

    expect(result).toMatchObject({ ok: false, failure: 'blocked' });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('a name', () => {
  it('that does not exist fails with dns', async () => {
    const resolve = (): Promise<string[]> => Promise.reject(new Error('ENOTFOUND'));

    expect(await fetchFrom('http://node.example/', {}, { resolve })).toEqual({
      ok: false,
      failure: 'dns',
      detail: 'name not resolved',
    });
  });

  it('whose resolver hangs fails with dns after the connect timeout', async () => {
    const resolve = (): Promise<string[]> => new Promise(() => undefined);

    expect(await fetchFrom('http://node.example/', {}, { resolve, connectTimeout: 50 })).toMatchObject({
      ok: false,
      failure: 'dns',
    });
  });

  it('that is unknown to the real resolver fails with dns', async () => {
    expect(
      await fetchFrom('http://node.invalid/', { timeout: 20_000 }, { connectTimeout: 20_000 }),
    ).toMatchObject({
      ok: false,
      failure: 'dns',
    });
  });
});

describe('credentials that cannot be read', () => {
  it('fail the request before it connects', async () => {
    const stub = register(await startHttp((_request, response) => response.end()));
    const credentials = { headers: () => Promise.reject(new Error('cannot read "/secret/path"')) };

    const result = await fetchFrom(stub.url, {}, { credentials });

    expect(result).toEqual({ ok: false, failure: 'network', detail: 'credentials cannot be read' });
    expect(stub.connections()).toBe(0);
  });
});
