import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { symlinkSync, unlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startRunner, type LoggedCheck, type RunnerUnderTest } from '../../support/node-runner.ts';

let node: RunnerUnderTest;

beforeAll(async () => {
  node = await startRunner({
    client: {
      signature: 'signed',
      secret: 'hidden',
      socket: { port: 0 },
      http_socket: { port: 0, user: 'sensu', password: 'pass:word' },
    },
  });
});

afterAll(async () => {
  await node.stop();
});

function connectTcp(): Socket {
  return connect({ port: node.runner.ports.tcp ?? 0, host: '127.0.0.1' });
}

async function answerTo(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

function sendTcp(data: string | Buffer): Promise<string> {
  const socket = connectTcp();
  socket.write(data);
  return answerTo(socket);
}

function http(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${node.runner.ports.http ?? 0}${path}`, init);
}

function post(body: string | Buffer, type = 'application/json'): Promise<Response> {
  return http('/results', {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': type },
  });
}

describe('results pushed over TCP', () => {
  it('are answered with ok and logged with what was missing', async () => {
    expect(await sendTcp('{"name":"tcp_one","output":"fine","ttl":90,"ratio":1.0}\n')).toBe('ok');

    const check = await node.result('tcp_one');
    expect(Object.keys(check)).toEqual(['name', 'output', 'ttl', 'ratio', 'status', 'executed', 'issued']);
    expect(check).toMatchObject({ output: 'fine', status: 0, executed: check['issued'] });
    expect(await readFile(node.logFile, 'utf8')).toContain('"ratio":1.0,"status":0');
    expect(
      (await node.lines()).find(({ payload }) => payload?.check.name === 'tcp_one')?.payload,
    ).toMatchObject({
      client: 'test-node',
      signature: 'signed',
    });
  });

  it('may be an array, and come in pieces', async () => {
    const socket = connectTcp();
    const answer = answerTo(socket);
    await once(socket, 'connect');
    socket.write('[{"name":"tcp_two","output":"{"},');
    // What is written at once may arrive in one piece.
    await delay(50);
    socket.end('{"name":"tcp_three","output":"x","status":2,"executed":5}]');

    expect(await answer).toBe('ok');
    expect(await node.result('tcp_two')).toMatchObject({ output: '{', status: 0 });
    expect(await node.result('tcp_three')).toMatchObject({ status: 2, executed: 5 });
  });

  it.each([
    ['ends', (socket: Socket) => socket.end()],
    ['falls silent', () => undefined],
  ])('are read when the sender %s, though what came before did not parse', async (how, finish) => {
    const name = `tcp_${how.replace(' ', '_')}`;
    const socket = connectTcp().setNoDelay(true);
    const answer = answerTo(socket);
    await once(socket, 'connect');
    // Each piece arrives by itself, and ends as a whole text might.
    for (const piece of [`{"name":"${name}","output":"x","list":[1,2,3,4,5]`, ',"more":[]', '}', '\n']) {
      socket.write(piece);
      await delay(50);
    }
    finish(socket);

    expect(await answer).toBe('ok');
    await node.result(name);
  });

  it('may hold bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"name":"tcp_euc","output":"'),
      Buffer.from([0xa5, 0xc7]),
      Buffer.from('"}'),
    ]);

    expect(await sendTcp(bytes)).toBe('ok');
    await node.result('tcp_euc');
    expect((await readFile(node.logFile)).includes(Buffer.from([0x22, 0xa5, 0xc7, 0x22]))).toBe(true);
  });

  it.each([
    ['a ping', ' ping\n', 'pong'],
    ['no output', '{"name":"bad"}', 'invalid'],
    ['a status of a wrong type', '{"name":"bad","output":"x","status":"1"}', 'invalid'],
    ['a status that is a float', '{"name":"bad","output":"x","status":1.0}', 'invalid'],
    ['a name of special characters', '{"name":"b d","output":"x"}', 'invalid'],
    ['no name', '{"output":"x"}', 'invalid'],
    ['handlers of a wrong type', '{"name":"bad","output":"x","handlers":"mailer"}', 'invalid'],
    ['something else than objects', '[1]', 'invalid'],
    ['half a result, then silence', '{"name":"bad",', 'invalid'],
    ['more than a result may have', `{"name":"bad","output":"${'x'.repeat(3_000_000)}"}`, 'invalid'],
  ])('answers %s', async (_, data, answer) => {
    expect(await sendTcp(data)).toBe(answer);
  });

  it('keep nobody out once they are answered, though their senders stay connected', async () => {
    const port = node.runner.ports.tcp ?? 0;
    const staying = Array.from({ length: 256 }, () =>
      connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
    );
    const answers = await Promise.all(
      staying.map(async (socket) => {
        socket.write('ping');
        return String(((await once(socket, 'data')) as [Buffer])[0]);
      }),
    );

    const answer = await sendTcp('{"name":"tcp_next","output":"fine"}');

    for (const socket of staying) socket.destroy();
    expect(new Set(answers)).toEqual(new Set(['pong']));
    expect(answer).toBe('ok');
  });

  it('publishes none of those', async () => {
    expect(await readFile(node.logFile, 'utf8')).not.toContain('"bad"');
    expect(node.runner.counters.pushesRefused).toBeGreaterThanOrEqual(9);
  });
});

describe('results pushed over UDP', () => {
  it('are logged, one a datagram, and never answered', async () => {
    const socket = createSocket('udp4');
    const answers: Buffer[] = [];
    socket.on('message', (message) => answers.push(message));
    for (const data of ['ping', 'nonsense', '{"name":"udp_one","output":"fine"}']) {
      socket.send(data, node.runner.ports.udp ?? 0, '127.0.0.1');
    }

    expect(await node.result('udp_one')).toMatchObject({ output: 'fine', status: 0 });
    socket.close();
    expect(answers).toEqual([]);
  });
});

describe('results pushed over HTTP', () => {
  it('are answered with 202 and logged', async () => {
    const response = await post('[{"name":"http_one","output":"fine"}]', 'application/json; charset=utf-8');

    expect([response.status, await response.text()]).toEqual([202, '{"response":"ok"}']);
    expect(await node.result('http_one')).toMatchObject({ output: 'fine' });
  });

  it.each([
    ['a body that is no JSON', '{', undefined, 400, '{"response":"Failed to parse JSON body"}'],
    ['another content type', '{}', 'text/plain', 415, '{"response":"Invalid content type"}'],
    [
      'an invalid result',
      '{"name":"bad"}',
      undefined,
      500,
      '{"response":"Internal Server Error: Check your Sensu logs for error details"}',
    ],
    ['a body that is too large', 'x'.repeat(3_000_000), undefined, 413, '{"response":"Body too large"}'],
  ])('answers %s', async (_, body, type, status, text) => {
    const response = await post(body, type);

    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  it.each([
    ['GET', '/info', 200, '"transport":{"name":"log"'],
    ['GET', '/brew', 418, "I'm a teapot!"],
    ['GET', '/results', 405, 'Valid methods for this endpoint: [\\"POST\\"]'],
    ['GET', '/', 404, '"/results":{"help":"Send check JSON results here","methods":["POST"]}'],
    ['GET', '/results/', 404, '"endpoints"'],
    ['GET', '/settings', 401, 'You must be authenticated'],
  ])('answers %s %s with %d', async (method, path, status, text) => {
    const response = await http(path, { method });

    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });

  it('shows its settings to who knows the password, with secrets hidden unless asked for', async () => {
    const headers = { authorization: `Basic ${Buffer.from('sensu:pass:word').toString('base64')}` };

    const hidden = await (await http('/settings', { headers })).text();
    const plain = await (await http('/settings?redacted=false', { headers })).text();

    expect(hidden).toContain('"secret":"REDACTED"');
    expect(hidden).not.toContain('pass:word');
    expect(plain).toContain('"secret":"hidden"');
  });

  it.each([
    ['the scheme in lower case', 'basic', 'sensu:pass:word', 200],
    ['a wrong password', 'Basic', 'sensu:pass', 401],
    ['another scheme', 'Bearer', 'sensu:pass:word', 401],
  ])('answers a request for its settings with %s', async (_, scheme, credentials, status) => {
    const authorization = `${scheme} ${Buffer.from(credentials).toString('base64')}`;

    expect((await http('/settings', { headers: { authorization } })).status).toBe(status);
  });
});

describe('a pushed result for which the disk has no room', () => {
  it('is not answered as if it were kept', async () => {
    const other = await startRunner({ client: { socket: { port: 0 }, http_socket: { port: 0 } } });
    unlinkSync(other.logFile);
    // Takes no byte: no space left on device.
    symlinkSync('/dev/full', other.logFile);
    other.runner.reopenLog();
    const result = '{"name":"lost","output":"fine"}';

    const socket = connect({ port: other.runner.ports.tcp ?? 0, host: '127.0.0.1' });
    socket.write(result);
    const overTcp = await answerTo(socket);
    const overHttp = await fetch(`http://127.0.0.1:${other.runner.ports.http ?? 0}/results`, {
      method: 'POST',
      body: result,
      headers: { 'content-type': 'application/json' },
    });
    await other.stop();

    expect(overTcp).toBe('invalid');
    expect(overHttp.status).toBe(500);
    expect(other.messages()).toContain('reason="it could not be written to the log"');
  });
});

describe('a socket that cannot be opened', () => {
  it('is a warning, and the checks run', async () => {
    const other = await startRunner({
      client: { socket: { port: node.runner.ports.tcp }, http_socket: { port: node.runner.ports.http } },
      checks: { goes_on: { command: 'echo fine' } },
    });

    const result: LoggedCheck = await other.result('goes_on');
    await other.stop();

    expect(result.output).toBe('fine\n');
    expect(other.messages()).toMatch(
      /level=WARN msg="cannot listen for pushed results over tcp; going on without".*EADDRINUSE/,
    );
    expect(other.messages()).toMatch(/over http; going on without/);
    const hint = 'is sensu-client or another runner still running? Then every check runs twice';
    expect(other.messages().split(hint)).toHaveLength(3);
  });

  it('is no sign of a second client if its address is not of this machine', async () => {
    const other = await startRunner({ client: { http_socket: { bind: '192.0.2.1', port: 0 } } });
    await other.stop();

    expect(other.messages()).toMatch(/over http; going on without.*EADDRNOTAVAIL/);
    expect(other.messages()).not.toContain('twice');
  });
});
