import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { createBodyBudget } from '../../../../src/proxy/api/body-budget.ts';
import { listen, type Listener } from '../../../../src/platform/web/listener.ts';
import { createSilentLog } from '../../../support/silent-log.ts';
import { waitFor } from '../../../support/wait-for.ts';

interface Client {
  readonly send: (bytes: number) => void;
  /** The first line of the answer; empty before it is there. */
  readonly answer: () => string;
}

const open: Listener[] = [];
const sockets: Socket[] = [];
let seen: number;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

/** A server with room for 1,000 bytes of bodies. Whole bodies are left to the test, which answers them. */
async function start(timeout = 60_000): Promise<{ dial: (length: number) => Client; held: Response[] }> {
  seen = 0;
  const held: Response[] = [];
  const handler = express();
  const refuse = (_: unknown, response: Response, why: 'too much' | 'too slow'): void => {
    response.set('Connection', 'close').sendStatus(why === 'too much' ? 503 : 408);
  };
  handler.use(createBodyBudget({ maxBytes: 1_000, timeout, refuse }));
  handler.use((request, response) => {
    request.on('data', (chunk: Buffer) => (seen += chunk.length));
    request.on('end', () => held.push(response));
  });
  const listener = await listen({ listenAddress: '127.0.0.1:0', handler, log: createSilentLog() });
  open.push(listener);
  return { dial: (length) => dial(listener.url, length), held };
}

function dial(url: string, length: number): Client {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString())).on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
  return { send: (bytes) => socket.write(Buffer.alloc(bytes)), answer: () => said.split('\r\n', 1)[0] ?? '' };
}

async function until(bytes: number): Promise<void> {
  await waitFor(`${bytes} bytes`, () => seen === bytes);
}

describe('bodies that are too much together', () => {
  it('cost the largest that is unfinished its place, not the one whose byte was too much', async () => {
    const { dial, held } = await start();
    const [large, larger, small] = [dial(900), dial(900), dial(200)];
    large.send(400);
    larger.send(500);
    await until(900);

    small.send(200);
    await waitFor('the small one', () => held.length === 1);
    held[0]?.end();

    await waitFor('its answer', () => small.answer() === 'HTTP/1.1 200 OK');
    expect(larger.answer()).toBe('HTTP/1.1 503 Service Unavailable');
    expect(large.answer()).toBe('');
  });

  it('leave those alone that are whole, and wait for their answer', async () => {
    const { dial, held } = await start();
    const whole = dial(900);
    whole.send(900);
    await waitFor('the whole one', () => held.length === 1);

    const next = dial(200);
    next.send(200);

    await waitFor('the refusal', () => next.answer() === 'HTTP/1.1 503 Service Unavailable');
    held[0]?.end();
    await waitFor('the answer', () => whole.answer() === 'HTTP/1.1 200 OK');
  });

  it('are counted no more once they are answered', async () => {
    const { dial, held } = await start();
    for (let count = 0; count < 3; count++) {
      const one = dial(900);
      one.send(900);
      await waitFor('a whole one', () => held.length === count + 1);
      held[count]?.end();
      await waitFor('its answer', () => one.answer() === 'HTTP/1.1 200 OK');
    }
  });
});

describe('a body that does not come', () => {
  it('is refused when its time is over, and its bytes are free for others', async () => {
    const { dial, held } = await start(200);
    const silent = dial(1_000);
    silent.send(900);

    await waitFor('the refusal', () => silent.answer() === 'HTTP/1.1 408 Request Timeout');
    dial(900).send(900);
    await waitFor('the next', () => held.length === 1);
  });

  it('does not cut short the time that the answer to a whole one takes', async () => {
    const { dial, held } = await start(100);
    const whole = dial(10);
    whole.send(10);
    await waitFor('the whole one', () => held.length === 1);
    await delay(300);
    held[0]?.end();

    await waitFor('the answer', () => whole.answer() === 'HTTP/1.1 200 OK');
  });
});
