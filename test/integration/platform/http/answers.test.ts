import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCredentials } from '../../../../src/platform/http/credentials.ts';
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
} from '../../../../src/platform/http/http-client.ts';
import { Secret } from '../../../../src/platform/config/secret.ts';
import { version } from '../../../../src/platform/file/package-files.ts';
import { expectNoOpenSockets, startHttp, startTcp, type Stub } from '../../platform-http/stub-servers.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await expectNoOpenSockets();
});

function createClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({
    connectTimeout: 300,
    maxResponseBytes: 1024,
    keepAlive: false,
    resolve: () => Promise.resolve(['127.0.0.1']),
    ...options,
  });
  cleanups.push(() => {
    client.close();
  });
  return client;
}

async function register(stub: Promise<Stub>): Promise<Stub> {
  const started = await stub;
  cleanups.push(() => started.close());
  return started;
}

const start = (listener: RequestListener, host?: string): Promise<Stub> =>
  register(startHttp(listener, host));

/** A server that remembers what it received. */
async function startRecorder(): Promise<{ stub: Stub; received: { head: IncomingMessage; body: Buffer }[] }> {
  const received: { head: IncomingMessage; body: Buffer }[] = [];
  const stub = await start((head, response) => {
    const chunks: Buffer[] = [];
    head.on('data', (chunk: Buffer) => chunks.push(chunk));
    head.on('end', () => {
      received.push({ head, body: Buffer.concat(chunks) });
      response.end('ok');
    });
  });
  return { stub, received };
}

describe('an answer', () => {
  it('comes with status, headers and the bytes of the body', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0xff, 0x0a]);
    const stub = await start((_, response) => response.writeHead(200, { 'X-Two': ['a', 'b'] }).end(bytes));

    const result = await createClient().request({ method: 'GET', url: stub.url, timeout: 1_000 });

    expect(result).toMatchObject({ ok: true, status: 200, headers: { 'x-two': 'a, b' } });
    expect(result.ok && result.body.equals(bytes)).toBe(true);
  });

  it.each([204, 301, 302, 307, 404, 500, 503])(
    'with status %d is an answer like any other',
    async (status) => {
      let requests = 0;
      const stub = await start((_, response) => {
        requests += 1;
        response.writeHead(status, { location: '/elsewhere' }).end();
      });

      const result = await createClient().request({ method: 'GET', url: stub.url, timeout: 1_000 });

      expect(result).toMatchObject({ ok: true, status, headers: { location: '/elsewhere' } });
      expect(requests).toBe(1);
    },
  );

  it('is unpacked from gzip', async () => {
    const stub = await start((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
    );

    const result = await createClient().request({ method: 'GET', url: stub.url, timeout: 1_000 });

    expect(result.ok && result.body.toString()).toBe('hello');
  });

  it('of exactly the limit is taken', async () => {
    const stub = await start((_, response) => response.end(Buffer.alloc(1024)));

    const result = await createClient().request({ method: 'GET', url: stub.url, timeout: 1_000 });

    expect(result.ok && result.body.length).toBe(1024);
  });
});

describe('a request', () => {
  it('says who asks, and nothing that nobody told it to say', async () => {
    const { stub, received } = await startRecorder();

    await createClient().request({ method: 'GET', url: `${stub.url}/a%2Fb?c=d`, timeout: 1_000 });

    expect(received[0]?.head.url).toBe('/a%2Fb?c=d');
    expect(received[0]?.head.headers).toEqual({
      host: `127.0.0.1:${stub.port}`,
      'user-agent': `alertmanager-proxy/${version}`,
      'accept-encoding': 'gzip, identity',
      connection: 'close',
    });
  });

  it('carries its body byte for byte', async () => {
    const { stub, received } = await startRecorder();
    const body = Buffer.from(' [{"labels": {"ü":"\\ud800"}} ]\n');

    await createClient().request({
      method: 'POST',
      url: stub.url,
      headers: { 'Content-Type': 'application/json' },
      body,
      timeout: 1_000,
    });

    expect(received[0]?.body.equals(body)).toBe(true);
    expect(received[0]?.head.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(body.length),
    });
  });

  it('carries credentials', async () => {
    const { stub, received } = await startRecorder();
    const credentials = createCredentials({
      basicAuth: { username: 'u', password: new Secret('p') },
      httpHeaders: { 'X-Scope': { values: ['team'] } },
      onTrouble: () => undefined,
    });

    await createClient({ credentials }).request({ method: 'GET', url: stub.url, timeout: 1_000 });

    expect(received[0]?.head.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
      'x-scope': 'team',
    });
  });

  it('does not go to the proxy of the environment', async () => {
    const proxy = await start((_, response) => response.end('from the proxy'));
    const stub = await start((_, response) => response.end('direct'));
    const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : proxy.url;
    cleanups.push(() => {
      for (const name of names) Reflect.deleteProperty(process.env, name);
    });

    const result = await createClient().request({ method: 'GET', url: stub.url, timeout: 1_000 });

    expect(result.ok && result.body.toString()).toBe('direct');
    expect(proxy.connections()).toBe(0);
  });
});

describe('a name with several addresses', () => {
  it('is reached on the next one when the first refuses', async () => {
    const stub = await start((_, response) => response.end('second'), '127.0.0.2');
    const client = createClient({ resolve: () => Promise.resolve(['127.0.0.3', '127.0.0.2']) });

    const result = await client.request({ method: 'GET', url: `http://node:${stub.port}/`, timeout: 1_000 });

    expect(result.ok && result.body.toString()).toBe('second');
  });
});

describe('connections', () => {
  const ask = async (client: HttpClient, { url }: Stub): Promise<number> => {
    const result = await client.request({ method: 'POST', url, body: Buffer.from('[]'), timeout: 1_000 });
    return result.ok ? result.status : 0;
  };

  it.each([
    ['are made anew for each request', false, 3],
    ['are kept when told so', true, 1],
  ])('%s', async (_, keepAlive, connections) => {
    const stub = await start((_request, response) => response.end());
    const client = createClient({ keepAlive });

    for (let i = 0; i < 3; i++) expect(await ask(client, stub)).toBe(200);

    expect(stub.connections()).toBe(connections);
  });

  it('are let go by close', async () => {
    const stub = await start((_, response) => response.end());
    const client = createClient({ keepAlive: true });
    await ask(client, stub);

    client.close();

    await expectNoOpenSockets();
  });

  // Answers the first request of each connection, and closes the connection at the second.
  function startImpatient(maxAnswers: number): Promise<Stub> {
    let answers = 0;
    return register(
      startTcp((socket: Socket) => {
        let isFirst = true;
        socket.on('data', () => {
          if (!isFirst || answers >= maxAnswers) return socket.resetAndDestroy();
          isFirst = false;
          answers += 1;
          return socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        });
      }),
    );
  }

  it('that the server closed just then are replaced by a new one, once', async () => {
    const stub = await startImpatient(2);
    const client = createClient({ keepAlive: true });

    expect(await ask(client, stub)).toBe(200);
    expect(await ask(client, stub)).toBe(200);
    expect(stub.connections()).toBe(2);
  });

  it('are not tried a third time', async () => {
    const stub = await startImpatient(1);
    const client = createClient({ keepAlive: true });

    expect(await ask(client, stub)).toBe(200);
    expect(await ask(client, stub)).toBe(0);
    expect(stub.connections()).toBe(2);
  });

  it('that are new are not tried twice', async () => {
    const stub = await startImpatient(0);

    expect(await ask(createClient({ keepAlive: true }), stub)).toBe(0);
    expect(stub.connections()).toBe(1);
  });
});
