import { execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { createTlsParties } from '../support/tls-listener.ts';
import { waitFor } from '../support/wait-for.ts';
import { ask, startListener } from '../support/web-listener.ts';

const QUICK = { headers: 300, check: 50 };
// Far above the limits of the listeners here, and far below Node's own of minutes.
const CUT_OFF_WITHIN_MS = 15_000;
// Soft limit of descriptors; some are needed for other things than connections.
const DESCRIPTORS = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || Infinity;
// One address may keep three quarters of 10,000 connections.
const IDLE = Math.min(7_400, Math.floor(DESCRIPTORS / 2));

async function dial(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  // How a connection ends is what the other side chooses: a reset is an end too.
  socket.on('error', () => undefined);
  return socket;
}

/** All that the server says until it closes the connection. */
async function say(url: string, bytes: string): Promise<string> {
  const socket = await dial(url);
  socket.write(bytes);
  return text(socket);
}

/** Sends a byte every 20 ms for as long as the server takes them; resolves to what it said by then. */
async function trickle(url: string, beginning: string): Promise<string> {
  const socket = await dial(url);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(beginning);
  while (socket.writable) {
    socket.write('a');
    await delay(20);
  }
  if (!socket.closed) await once(socket, 'close');
  return answer;
}

/** How long an event takes to come; infinitely long if it has not come within 30 s. */
async function milliseconds(event: Promise<unknown>): Promise<number> {
  const began = performance.now();
  const late = delay(30_000, 'late', { ref: false });
  return (await Promise.race([event, late])) === 'late' ? Infinity : performance.now() - began;
}

describe('request smuggling', () => {
  const post = 'POST / HTTP/1.1\r\nHost: x\r\n';
  const end = '\r\n\r\n0\r\n\r\n';

  it.each([
    ['a length and a chunked body', `${post}Content-Length: 4\r\nTransfer-Encoding: chunked${end}`],
    ['a chunked body and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 4${end}`],
    ['two lengths', `${post}Content-Length: 1\r\nContent-Length: 5${end}`],
    ['the same length twice', `${post}Content-Length: 5\r\nContent-Length: 5${end}`],
    ['a list of lengths', `${post}Content-Length: 5, 5${end}`],
    ['a signed length', `${post}Content-Length: +5${end}`],
    ['a folded header', `${post}X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n`],
    ['an unknown coding', `${post}Transfer-Encoding: xchunked${end}`],
    ['a coding after chunked', `${post}Transfer-Encoding: chunked, identity${end}`],
    ['a coding before chunked', `${post}Transfer-Encoding: gzip, chunked${end}`],
    ['two codings', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity${end}`],
    [
      'chunks in HTTP/1.0',
      `${post.replace('1.1', '1.0')}Transfer-Encoding: chunked\r\nConnection: keep-alive${end}`,
    ],
    ['a space before the colon', `${post}Content-Length : 0\r\n\r\n`],
    ['a vertical tab in a coding', `${post}Transfer-Encoding: \u000bchunked${end}`],
    ['a NUL in a header', `${post}X: a\0b\r\nContent-Length: 0\r\n\r\n`],
    ['line feeds alone', 'POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n'],
    ['one line feed alone', `${post}X: a\nContent-Length: 0\r\n\r\n`],
    ['a carriage return alone', `${post}X: a\rContent-Length: 0\r\n\r\n`],
    ['a line feed after a chunk size', `${post}Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n`],
    [
      'a chunk size beyond 64 bits',
      `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n`,
    ],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
  ])('with %s is refused, the connection closed and what follows not answered', async (_, request) => {
    const { url } = await startListener(
      {},
      {},
      {
        handler: (incoming, response) => incoming.resume().on('end', () => response.end('hello')),
      },
    );

    const said = await say(url, `${request}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`);

    expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('oversized headers', () => {
  it.each([
    ['one header of 40 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    // Not more than the server reads at once: what it leaves unread makes the kernel reset the connection, answer and all.
    ['3,500 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X-Name: value\r\n'.repeat(3_500)}\r\n`],
    ['a path of 40 KB', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('are answered with 431: %s', async (_, request) => {
    const { url } = await startListener({});

    expect(await say(url, request)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('begin above 16 KB: long tokens are let through', async () => {
    const { url } = await startListener({});

    expect((await ask(url, { headers: { Authorization: `Bearer ${'a'.repeat(20_000)}` } })).status).toBe(200);
  });
});

describe('a slow client', () => {
  it.each([
    ['whose headers never end', 'GET / HTTP/1.1\r\nHost: x\r\nX: '],
    ['that sends a request line byte by byte', 'GET /'],
  ])('%s is cut off', async (_, beginning) => {
    const { url } = await startListener({}, {}, { times: QUICK });

    // A byte that is under way while the server closes makes the kernel reset that connection: then it reads nothing.
    await waitFor('its answer', async () => {
      expect(await trickle(url, beginning)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      return true;
    });
  });

  it('whose body never ends is cut off', async () => {
    const { url } = await startListener(
      {},
      {},
      { handler: () => undefined, times: { ...QUICK, request: 500 } },
    );

    const trickled = trickle(url, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');

    expect(await milliseconds(trickled)).toBeLessThan(CUT_OFF_WITHIN_MS);
  });

  it('that does not read its answer is cut off', async () => {
    const cut = new EventEmitter();
    const { url } = await startListener(
      {},
      {},
      {
        handler: (_, response) => {
          response.on('close', () => cut.emit('cut')).end(Buffer.alloc(32 * 1024 * 1024));
        },
        times: { ...QUICK, request: 300 },
      },
    );
    const answer = milliseconds(once(cut, 'cut'));

    (await dial(url)).pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');

    expect(await answer).toBeLessThan(CUT_OFF_WITHIN_MS);
  });

  it('that never says anything is cut off', async () => {
    const { url } = await startListener({}, {}, { times: QUICK });

    const closed = once((await dial(url)).resume(), 'close');

    expect(await milliseconds(closed)).toBeLessThan(CUT_OFF_WITHIN_MS);
  });

  it('that never finishes its TLS handshake is cut off', async () => {
    const { url } = await (await createTlsParties()).start({}, { times: QUICK });

    const closed = once((await dial(url)).resume(), 'close');

    expect(await milliseconds(closed)).toBeLessThan(CUT_OFF_WITHIN_MS);
  });

  it('delays nobody else: 200 of them beside others', async () => {
    const { url } = await startListener({}, {}, { times: { headers: 1000, check: 50 } });
    const slow = Array.from({ length: 200 }, () => trickle(url, 'GET / HTTP/1.1\r\nX: '));

    const began = performance.now();
    for (let count = 0; count < 20; count += 1) expect((await ask(url)).status).toBe(200);

    expect(performance.now() - began).toBeLessThan(10_000);
    // A byte that is under way while the server closes makes the kernel reset that connection: then it reads nothing.
    const answers = (await Promise.all(slow)).map((answer) => answer.slice(0, 12));
    expect(answers).toContain('HTTP/1.1 408');
    expect(answers.filter((answer) => !['HTTP/1.1 408', ''].includes(answer))).toEqual([]);
  });
});

describe('idle connections', () => {
  it(`delay nobody: ${IDLE} of them beside others, all kept`, async () => {
    // Longer than they are idle: what bounds requests does not bound the time between two.
    const { url } = await startListener({}, {}, { times: { headers: 2000, request: 2000, check: 50 } });
    const script = fileURLToPath(new URL('../support/idle-connections.mjs', import.meta.url));
    const crowd = spawn(process.execPath, [script, new URL(url).port, String(IDLE)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [opened] = (await once(crowd.stdout, 'data')) as [Buffer];
    expect(Number(opened)).toBe(IDLE);

    const began = performance.now();
    for (let count = 0; count < 50; count += 1) expect((await ask(url)).status).toBe(200);
    const mean = (performance.now() - began) / 50;

    crowd.stdin.end();
    const [kept] = (await once(crowd.stdout, 'data')) as [Buffer];
    expect(Number(kept)).toBe(IDLE);
    expect(mean).toBeLessThan(400);
  }, 180_000);
});
