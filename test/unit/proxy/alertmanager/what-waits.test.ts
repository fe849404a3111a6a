import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createLoop } from './create-loop.ts';
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

describe('states of one alert', () => {
  it('leave the queue when a newer one comes, which answers for them', async () => {
    const busy = loop.enqueue(delivery([1]));
    const older = loop.enqueue(delivery([3, 4]));
    const newer = loop.enqueue(delivery([3.1]));
    await client.answer(200);
    expect(client.posted).toEqual(['[1]', '[3.1,4]']);
    expect(loop.queuedAlerts).toBe(2);

    await client.answer(200);
    const outcomes = await Promise.all([busy, older, newer].map(({ outcome }) => outcome));
    expect(outcomes).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }]);
  });

  it('are not repeated after a failure once a newer one is there', async () => {
    loop.enqueue(delivery([1, 2]));
    loop.enqueue(delivery([1.1]));
    await client.answer('refused');
    await jest.advanceTimersByTimeAsync(100);

    expect(client.posted).toEqual(['[1,2]', '[1.1,2]']);
  });

  it('come as the newest only, to an Alertmanager that was away', async () => {
    for (let state = 0; state < 9; state++) {
      loop.enqueue(delivery([1 + state / 10, 2 + state / 10])).leave();
      if (client.pending() > 0) await client.answer('refused');
      await jest.advanceTimersByTimeAsync(10_000);
    }
    while (client.pending() > 0) await client.answer(200);

    expect(client.posted.slice(-2).toSorted()).toEqual(['[1.8]', '[2.8]']);
    expect(seen).toMatchObject({ sent: 2, dropped: 0 });
  });
});

describe('senders', () => {
  const batch = (first: number, alerts: number, sender: string) =>
    delivery(
      Array.from({ length: alerts }, (_, index) => first + index),
      240_000,
      sender,
    );

  it('take turns: much of one does not delay a little of another', async () => {
    loop.enqueue(batch(0, 1, 'busy'));
    for (let number = 1; number <= 10; number++) loop.enqueue(batch(number * 10_000, 2_000, 'large'));
    const small = loop.enqueue(batch(1, 10, 'small'));
    await client.answer(200);
    await client.answer(200);

    expect(await small.outcome).toEqual({ kind: 'accepted' });
  });

  it('get POSTs of at most 2,000 alerts, each batch its answer when all of it is there', async () => {
    loop.enqueue(batch(0, 1, 'busy'));
    const { outcome } = loop.enqueue(batch(10_000, 5_000, 'large'));
    const sizes: number[] = [];
    while (client.pending() > 0) {
      await client.answer(200);
      sizes.push((JSON.parse(client.posted.at(-1) ?? '[]') as unknown[]).length);
    }

    expect(await outcome).toEqual({ kind: 'accepted' });
    expect(sizes.slice(0, 3)).toEqual([2_000, 2_000, 1_000]);
  });

  it('are not told that their alerts are refused because those of another are', async () => {
    loop.enqueue(delivery([1]));
    const good = loop.enqueue(delivery([2], 240_000, 'good'));
    const bad = loop.enqueue(delivery([3], 240_000, 'bad'));
    await client.answer(200);
    while (client.pending() > 0)
      await client.answer(client.posted.at(-1)?.includes('3') === true ? 400 : 200);

    expect(await good.outcome).toEqual({ kind: 'accepted' });
    expect(await bad.outcome).toMatchObject({ kind: 'rejected', status: 400 });
    expect(seen.dropped).toBe(1);
  });
});

describe('an alert that Alertmanager may refuse', () => {
  it('goes alone, so that the others of its batch are not counted as refused', async () => {
    const { alerts, ...rest } = delivery([1, 2, 3]);
    const { outcome } = loop.enqueue({
      ...rest,
      alerts: alerts.map((alert, index) => ({ ...alert, isDoubtful: index === 1 })),
    });
    while (client.pending() > 0) await client.answer(client.posted.at(-1) === '[2]' ? 400 : 200);

    expect(client.posted.toSorted()).toEqual(['[1,3]', '[2]']);
    expect(await outcome).toMatchObject({ kind: 'rejected', status: 400 });
    expect(seen).toMatchObject({ sent: 2, dropped: 1 });
  });
});

describe('an Alertmanager that takes no large bodies', () => {
  it('gets all in smaller ones, and larger ones again later', async () => {
    const names = Array.from({ length: 100 }, (_, index) => 1_000 + index);
    loop.enqueue(delivery(names));
    while (client.pending() > 0) await client.answer((client.posted.at(-1)?.length ?? 0) > 100 ? 413 : 200);
    expect(loop.queuedAlerts).toBe(0);
    expect(seen).toMatchObject({ sent: 100, dropped: 0 });

    for (let round = 0; round < 100; round++) {
      loop.enqueue(delivery([round]));
      await client.answer(200);
    }
    const before = client.posted.length;
    loop.enqueue(delivery(names));
    expect(client.posted.slice(before)).toEqual([JSON.stringify(names)]);
  });
});

describe('the room of a queue', () => {
  /** An alert takes about 1,000 bytes beside its own. */
  const CAPACITY = 5_000;

  beforeEach(() => {
    loop = createLoop(client, { capacity: CAPACITY, dropped: (alerts) => (seen.dropped += alerts) });
    loop.enqueue(delivery([0]));
  });

  it('is not taken by what somebody waits for', () => {
    for (let name = 1; name <= 100; name++) loop.enqueue(delivery([name]));

    expect(seen.dropped).toBe(0);
    expect(loop.queuedAlerts).toBe(101);
  });

  it('bounds what nobody waits for: the oldest goes first', async () => {
    for (let name = 1; name <= 6; name++) loop.enqueue(delivery([name])).leave();
    expect(seen.dropped).toBe(2);

    await client.answer(200);
    expect(client.posted).toEqual(['[0]', '[3,4,5,6]']);
  });

  it('is not taken by states of an alert for which a newer one is there', () => {
    for (let state = 0; state < 9; state++) loop.enqueue(delivery([1 + state / 10])).leave();

    expect(seen.dropped).toBe(0);
    expect(loop.queuedAlerts).toBe(2);
  });
});
