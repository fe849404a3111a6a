import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createLoop, TIMEOUT } from './create-loop.ts';
import { createStubClient, delivery, type StubClient } from './stub-client.ts';

let client: StubClient;
let loop: SendLoop;
let seen: { sent: number; failed: number; dropped: number };

beforeEach(() => {
  jest.useFakeTimers();
  client = createStubClient();
  seen = { sent: 0, failed: 0, dropped: 0 };
  loop = createLoop(client, {
    attempted: ({ outcome, alerts }) => {
      if (outcome.kind === 'accepted') seen.sent += alerts;
      else seen.failed += alerts;
    },
    dropped: (alerts) => (seen.dropped += alerts),
  });
});

afterEach(async () => {
  await loop.stop();
  jest.useRealTimers();
});

/** The milliseconds until the next POST. */
async function pauseUntilNext(): Promise<number> {
  const startedAt = performance.now();
  while (client.pending() === 0) await jest.advanceTimersByTimeAsync(50);
  return performance.now() - startedAt;
}

describe('SendLoop', () => {
  it('posts one body at a time, and joins what waits meanwhile, in order', async () => {
    for (const name of [1, 2, 3]) loop.enqueue(delivery([name]));
    expect(client.posted).toEqual(['[1]']);

    await client.answer(200);
    expect(client.posted).toEqual(['[1]', '[2,3]']);
  });

  it('uses the time that is left: one failure is nobody’s answer, two are', async () => {
    const { outcome } = loop.enqueue(delivery([1]));
    let isTold = false;
    void outcome.then(() => (isTold = true));
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);
    expect(isTold).toBe(false);

    await client.answer('reset');
    expect(await outcome).toEqual({ kind: 'failed', sentence: 'network: connection reset' });
    await jest.advanceTimersByTimeAsync(200);
    await client.answer(200);
    expect(client.posted).toEqual(['[1]', '[1]', '[1]']);
    expect(seen).toEqual({ sent: 1, failed: 2, dropped: 0 });
    expect(loop.queuedAlerts).toBe(0);
  });

  it('answers with what the second attempt brought', async () => {
    const { outcome } = loop.enqueue(delivery([1]));
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);
    await client.answer(200);

    expect(await outcome).toEqual({ kind: 'accepted' });
  });

  it('tries less and less often, at least every five seconds', async () => {
    loop.enqueue(delivery([1]));
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await client.answer('reset');
      pauses.push(await pauseUntilNext());
    }

    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it('tries earlier when a batch comes, but many of them do not shorten a pause below its half', async () => {
    loop.enqueue(delivery([1]));
    for (let attempt = 1; attempt <= 7; attempt++) {
      await client.answer('reset');
      await pauseUntilNext();
    }
    await client.answer('reset');
    for (let name = 2; name < 12; name++) loop.enqueue(delivery([name]));

    expect(await pauseUntilNext()).toBe(2_500);
  });

  it.each([
    ['7', 7_000],
    ['120', 30_000],
    ['soon', 100],
    [new Date(Date.UTC(2030, 0, 1, 0, 0, 9)).toUTCString(), 9_000],
  ])('leaves it alone for as long as Retry-After says: %s', async (value, milliseconds) => {
    jest.setSystemTime(Date.UTC(2030, 0, 1));
    loop.enqueue(delivery([1]));
    await client.answer(429, { 'retry-after': value });

    expect(await pauseUntilNext()).toBe(milliseconds);
  });

  it.each([400, 403, 413])('does not repeat what was refused with %d', async (status) => {
    const { outcome } = loop.enqueue(delivery([1]));
    loop.enqueue(delivery([2]));
    await client.answer(status);

    expect(await outcome).toEqual({ kind: 'rejected', status, body: Buffer.from('told') });
    expect(client.posted).toEqual(['[1]', '[2]']);
  });

  it.each([302, 408, 429, 500, 503])('repeats what was answered with %d', async (status) => {
    loop.enqueue(delivery([1]));
    await client.answer(status);
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[1]', '[1]']);
  });

  it('does not send a firing alert after its endsAt, when it would resolve itself', async () => {
    const mixed = delivery([1, 2, 3]);
    const [first, second, third] = mixed.alerts;
    if (!first || !second || !third) throw new Error('three alerts');
    loop.enqueue({ ...mixed, alerts: [first, { ...second, expiresAt: performance.now() + 50 }, third] });
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[1,2,3]', '[1,3]']);
    expect(seen).toMatchObject({ dropped: 1 });
    expect(loop.queuedAlerts).toBe(2);
  });

  it('expires nothing because the clock is set', async () => {
    loop.enqueue(delivery([1]));
    await client.answer('reset');
    jest.setSystemTime(Date.now() + 86_400_000);
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[1]', '[1]']);
  });

  it('sends once what has expired before anybody tried: without the proxy it would have come in time', async () => {
    loop.enqueue(delivery([1], -1));
    await client.answer(200);

    expect(client.posted).toEqual(['[1]']);
    expect(seen.dropped).toBe(0);
  });

  it('gives up an attempt that hangs, and tries again', async () => {
    loop.enqueue(delivery([1]));
    await jest.advanceTimersByTimeAsync(TIMEOUT + 100);

    expect(client.posted).toEqual(['[1]', '[1]']);
    expect(loop.lastFailure).toContain('timeout');
  });

  it('goes another way after a reload, with the same queue', async () => {
    loop.enqueue(delivery([1]));
    const other = createStubClient();
    loop.connect({ client: other, timeout: TIMEOUT });
    expect(other.posted).toEqual([]);

    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(100);
    await other.answer(200);
    expect(other.posted).toEqual(['[1]']);
  });

  it('drains until all is sent', async () => {
    loop.enqueue(delivery([1]));
    const drained = loop.drain(60_000);
    await client.answer(200);

    await drained;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops with a word to all who wait, whatever is under way', async () => {
    const pending = [loop.enqueue(delivery([1])), loop.enqueue(delivery([2]))];
    await loop.stop();

    const failed = { kind: 'failed' };
    expect(await Promise.all(pending.map(({ outcome }) => outcome))).toMatchObject([failed, failed]);
    expect(await loop.enqueue(delivery([3])).outcome).toMatchObject(failed);
    expect(seen).toMatchObject({ dropped: 2 });
    expect(loop.queuedAlerts).toBe(0);
    expect(client.posted).toEqual(['[1]']);
  });
});
