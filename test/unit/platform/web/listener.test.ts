import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listen, type Listener } from '../../../../src/platform/web/listener.ts';
import { createSilentLog } from '../../../support/silent-log.ts';

const log = createSilentLog();
const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function start(
  handler: RequestListener,
  options: Partial<Parameters<typeof listen>[0]> = {},
): Promise<Listener> {
  const listener = await listen({ listenAddress: '127.0.0.1:0', handler, log, ...options });
  open.push(listener);
  return listener;
}

const hello: RequestListener = (_, response) => response.end('hello');

/** A handler that leaves its first request to the test. */
function held(): { handler: RequestListener; request: Promise<ServerResponse> } {
  const arrivals = new EventEmitter();
  const request = once(arrivals, 'request').then(([response]) => response as ServerResponse);
  return { handler: (_, response) => arrivals.emit('request', response), request };
}

async function answerOf(url: string, agent?: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  return response;
}

describe('listen', () => {
  it('serves on a free port and says which', async () => {
    const { url } = await start(hello);

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(await text(await answerOf(url))).toBe('hello');
  });

  it('serves on every interface without a host', async () => {
    const { url } = await start(hello, { listenAddress: ':0' });

    expect(await text(await answerOf(`http://127.0.0.1:${new URL(url).port}`))).toBe('hello');
  });

  it('keeps idle connections longer than the 5 minutes of Go clients', async () => {
    const { url } = await start(hello);

    const answer = await answerOf(url, new Agent({ keepAlive: true }));
    answer.resume();

    expect(answer.headers['keep-alive']).toBe('timeout=360');
  });

  it('says that the port is in use', async () => {
    const { url } = await start(hello);

    await expect(start(hello, { listenAddress: new URL(url).host })).rejects.toThrow(
      `cannot listen on "${new URL(url).host}": the port is in use by another process: stop that or choose another port`,
    );
  });

  it('says which forms a listen address has', async () => {
    await expect(start(hello, { listenAddress: '9095' })).rejects.toThrow(
      'listen address "9095" is not of the form ":9095", "host:9095" or "[::1]:9095"',
    );
  });
});

describe('close', () => {
  it('lets a request under way finish, tells its client to close, and refuses new connections', async () => {
    const { handler, request } = held();
    const listener = await start(handler);
    const answer = answerOf(listener.url, new Agent({ keepAlive: true }));
    const response = await request;

    const closed = listener.close();

    await expect(answerOf(listener.url)).rejects.toThrow('ECONNREFUSED');
    response.end('done');
    expect((await answer).headers.connection).toBe('close');
    expect(await text(await answer)).toBe('done');
    await closed;
  });

  it('answers a request that arrives on an idle connection as the drain begins', async () => {
    const listener = await start(hello);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await text(await answerOf(listener.url, agent));

    const closed = listener.close();
    const answer = await answerOf(listener.url, agent);

    expect(answer.headers.connection).toBe('close');
    expect(await text(answer)).toBe('hello');
    await closed;
  });

  it('does not wait for idle connections nor for those that never sent a request', async () => {
    const listener = await start(hello);
    await text(await answerOf(listener.url, new Agent({ keepAlive: true })));
    const silent = connect(Number(new URL(listener.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const cut = once(silent, 'close');

    const began = Date.now();
    await listener.close();

    expect(Date.now() - began).toBeLessThan(5000);
    await cut;
  });

  it('cuts a request that does not finish in time', async () => {
    const { handler, request } = held();
    const listener = await start(handler, { times: { drain: 50 } });
    const lost = expect(answerOf(listener.url)).rejects.toThrow('socket hang up');
    await request;

    await listener.close();

    await lost;
  });
});
