import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Delivery } from '../../../../src/proxy/alertmanager/delivery.ts';
import { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createSilentLog } from '../../../support/silent-log.ts';
import { createStubClient, delivery, settle, type StubClient } from './stub-client.ts';

const TIMEOUT = 5_000;
const CAPACITY = { alerts: 10, bytes: 900 };

let client: StubClient;
let loop: SendLoop;
let seen: { sent: number; failed: number; dropped: number };

beforeEach(() => {
  jest.useFakeTimers();
  client = createStubClient();
  seen = { sent: 0, failed: 0, dropped: 0 };
  loop = new SendLoop({
    url: 'http://am/api/v2/alerts',
    connection: { client, timeout: TIMEOUT },
    capacity: CAPACITY,
    observer: {
      sent: (alerts) => (seen.sent += alerts),
      failed: (alerts) => (seen.failed += alerts),
      dropped: (alerts) => (seen.dropped += alerts),
    },
    log: createSilentLog(),
    now: Date.now,
  });
});

afterEach(async () => {
  await loop.stop();
  jest.useRealTimers();
});

describe('SendLoop', () => {
  it('posts one delivery at a time, in order', async () => {
    void loop.enqueue(delivery([1]));
    void loop.enqueue(delivery([2]));
    expect(client.posted).toEqual(['[1]']);

    await client.answer(200);
    expect(client.posted).toEqual(['[1]', '[2]']);
  });

  it('tells what the first attempt brought, and goes on behind', async () => {
    const told = loop.enqueue(delivery([1]));
    await client.answer('reset');
    expect(await told).toEqual({ kind: 'failed', sentence: 'network: connection reset' });

    await jest.advanceTimersByTimeAsync(100);
    await client.answer(200);
    expect(client.posted).toEqual(['[1]', '[1]']);
    expect(seen).toEqual({ sent: 1, failed: 1, dropped: 0 });
    expect(loop.queuedAlerts).toBe(0);
  });

  it('does not let those wait who stand behind one that failed', async () => {
    void loop.enqueue(delivery([1]));
    const behind = loop.enqueue(delivery([2]));
    await client.answer(503);

    expect(await behind).toEqual({ kind: 'failed', sentence: 'HTTP status 503' });
  });

  it('keeps the order through failures', async () => {
    void loop.enqueue(delivery([1]));
    void loop.enqueue(delivery([2]));
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);
    await client.answer(200);
    await client.answer(200);

    expect(client.posted).toEqual(['[1]', '[1]', '[2]']);
  });

  it('tries less and less often, at least every five seconds, and at once when a batch comes', async () => {
    void loop.enqueue(delivery([1]));
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await client.answer('reset');
      const failedAt = Date.now();
      while (client.pending() === 0) await jest.advanceTimersByTimeAsync(100);
      pauses.push(Date.now() - failedAt);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);

    await client.answer('reset');
    void loop.enqueue(delivery([2]));
    await settle();
    expect(client.pending()).toBe(1);
  });

  it.each([400, 403, 413])('does not repeat what was refused with %d', async (status) => {
    const told = loop.enqueue(delivery([1]));
    void loop.enqueue(delivery([2]));
    await client.answer(status);

    expect(await told).toEqual({ kind: 'rejected', status, body: Buffer.from('told') });
    expect(client.posted).toEqual(['[1]', '[2]']);
  });

  it.each([302, 408, 429, 500, 503])('repeats what was answered with %d', async (status) => {
    void loop.enqueue(delivery([1]));
    await client.answer(status);
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[1]', '[1]']);
  });

  it('does not send a firing alert after its endsAt, when it would resolve itself', async () => {
    const mixed = delivery([1, 2, 3]);
    const [first, second, third] = mixed.alerts;
    if (!first || !second || !third) throw new Error('three alerts');
    void loop.enqueue({ ...mixed, alerts: [first, { ...second, endsAt: Date.now() + 50 }, third] });
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[1,2,3]', '[1,3]']);
    expect(seen).toMatchObject({ dropped: 1 });
    expect(loop.queuedAlerts).toBe(2);
  });

  it('sends once what has expired before anybody tried: without the proxy it would have come in time', async () => {
    void loop.enqueue(delivery([1], -1));
    await client.answer(200);

    expect(client.posted).toEqual(['[1]']);
    expect(seen.dropped).toBe(0);
  });

  it('goes over what has expired without a pause', async () => {
    for (let i = 0; i < 5; i++) void loop.enqueue(delivery([i], 50));
    void loop.enqueue(delivery([9]));
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[0]', '[9]']);
    expect(seen.dropped).toBe(5);
  });

  it('drops the oldest that is not under way when the queue is full', async () => {
    void loop.enqueue(delivery([0]));
    const oldest = loop.enqueue(delivery([1, 2, 3, 4, 5]));
    void loop.enqueue(delivery([6, 7, 8, 9]));
    void loop.enqueue(delivery([10]));
    expect(await oldest).toMatchObject({ kind: 'failed' });
    expect(seen).toMatchObject({ dropped: 5 });
    expect(loop.queuedAlerts).toBe(6);

    for (let i = 0; i < 3; i++) await client.answer(200);
    expect(client.posted).toEqual(['[0]', '[6,7,8,9]', '[10]']);
  });

  it('drops the oldest that is not under way when the bodies in the queue are too large together', async () => {
    const large = (name: number): Delivery => {
      const usual = delivery([name]);
      return { ...usual, body: Buffer.concat([usual.body, Buffer.alloc(500, ' ')]) };
    };
    void loop.enqueue(delivery([0]));
    const oldest = loop.enqueue(large(1));
    void loop.enqueue(large(2));
    expect(await oldest).toMatchObject({ kind: 'failed' });
    expect(seen).toMatchObject({ dropped: 1 });
    expect(loop.queuedAlerts).toBe(2);

    await client.answer(200);
    await client.answer(200);
    void loop.enqueue(large(3));
    expect(seen.dropped).toBe(1);
    expect(client.posted.map((body) => body.trim())).toEqual(['[0]', '[2]', '[3]']);
  });

  it('drops nothing for a batch that is too large alone, and that one first', async () => {
    const large = (first: number): Delivery =>
      delivery(Array.from({ length: 20 }, (_, index) => first + index));
    void loop.enqueue(delivery([0]));
    void loop.enqueue(delivery([1]));
    const tooLarge = loop.enqueue(large(100));
    expect(seen).toMatchObject({ dropped: 0 });

    void loop.enqueue(large(200));
    expect(await tooLarge).toMatchObject({ kind: 'failed' });
    expect(seen).toMatchObject({ dropped: 20 });
    void loop.enqueue(delivery([2]));
    expect(seen).toMatchObject({ dropped: 40 });

    while (client.pending() > 0) await client.answer(200);
    expect(client.posted).toEqual(['[0]', '[1]', '[2]']);
  });

  it('drops nothing because a batch that is too large alone is under way', async () => {
    const large = delivery(Array.from({ length: 20 }, (_, index) => 100 + index));
    void loop.enqueue(large);
    void loop.enqueue(delivery([1]));
    void loop.enqueue(delivery([2]));

    expect(seen).toMatchObject({ dropped: 0 });
    expect(loop.queuedAlerts).toBe(22);
    while (client.pending() > 0) await client.answer(200);
    expect(loop.queuedAlerts).toBe(0);
  });

  it('counts the parts of a batch that was too large as no more than the batch', async () => {
    void loop.enqueue(delivery([1, 2, 3, 4, 5, 6, 7, 8]));
    for (let i = 0; i < 3; i++) await client.answer(413);
    void loop.enqueue(delivery([9]));
    expect(seen).toMatchObject({ dropped: 0 });
    expect(loop.queuedAlerts).toBe(9);

    while (client.pending() > 0) await client.answer(200);
    expect(client.posted.slice(3)).toEqual(['[1]', '[2]', '[3,4]', '[5,6,7,8]', '[9]']);
  });

  it('gives up an attempt that hangs, and tries again', async () => {
    void loop.enqueue(delivery([1]));
    await jest.advanceTimersByTimeAsync(TIMEOUT + 100);

    expect(client.posted).toEqual(['[1]', '[1]']);
    expect(loop.history.summary().lastError?.sentence).toContain('timeout');
  });

  it('goes another way after a reload, with the same queue', async () => {
    void loop.enqueue(delivery([1]));
    void loop.enqueue(delivery([2]));
    const other = createStubClient();
    loop.connect({ client: other, timeout: TIMEOUT });
    expect(other.posted).toEqual([]);

    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);
    await other.answer(200);
    expect(other.posted).toEqual(['[1]', '[2]']);
  });

  it('drains until all is sent', async () => {
    void loop.enqueue(delivery([1]));
    const drained = loop.drain(60_000);
    await client.answer(200);

    await drained;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops with a word to all who wait, whatever is under way', async () => {
    const told = [loop.enqueue(delivery([1])), loop.enqueue(delivery([2]))];
    await loop.stop();

    expect(await Promise.all(told)).toMatchObject([{ kind: 'failed' }, { kind: 'failed' }]);
    expect(await loop.enqueue(delivery([3]))).toMatchObject({ kind: 'failed' });
    expect(seen).toMatchObject({ dropped: 2 });
    expect(loop.queuedAlerts).toBe(0);
    expect(client.posted).toEqual(['[1]']);
  });
});
