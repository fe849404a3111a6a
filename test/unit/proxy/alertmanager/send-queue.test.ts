import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../../../../src/platform/log/log.ts';
import { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createStubClient, delivery, type StubClient } from './stub-client.ts';

let client: StubClient;
let loop: SendLoop;
let accepted: string[];

beforeEach(() => {
  jest.useFakeTimers();
  client = createStubClient();
  accepted = [];
  const ignore = (): void => undefined;
  loop = new SendLoop({
    url: 'http://am/api/v2/alerts',
    connection: { client, timeout: 5_000 },
    capacity: { alerts: 1_000, bytes: 1_000_000 },
    observer: { sent: ignore, failed: ignore, dropped: ignore },
    log: createLogger({ level: 'error', format: 'logfmt', stream: new PassThrough() }),
    now: Date.now,
  });
});

afterEach(async () => {
  await loop.stop();
  jest.useRealTimers();
});

/** For so long the Alertmanager fails at every body that holds a state of alert 3, and accepts the others. */
async function failAtThree(milliseconds: number, failure: number | 'reset' = 500): Promise<void> {
  const step = Math.max(100, milliseconds / 60);
  for (let passed = 0; passed < milliseconds; passed += step) {
    while (client.pending() > 0) {
      const body = client.posted.at(-1) ?? '';
      const isPoison = body.includes('3');
      if (!isPoison) accepted.push(body);
      await client.answer(isPoison ? failure : 200);
    }
    await jest.advanceTimersByTimeAsync(step);
  }
}

describe('alerts at which an Alertmanager fails', () => {
  it.each([500, 'reset'] as const)(
    'with %s let others go first, in order, and are tried again',
    async (failure) => {
      void loop.enqueue(delivery([3]));
      const behind = [loop.enqueue(delivery([1])), loop.enqueue(delivery([2]))];
      await failAtThree(2_000, failure);
      expect(accepted).toEqual(['[1]', '[2]']);
      expect(await Promise.all(behind)).toMatchObject([{ kind: 'failed' }, { kind: 'failed' }]);

      const before = client.posted.length;
      await failAtThree(60_000, failure);
      expect(client.posted.length).toBeGreaterThan(before);
    },
  );

  it('do not keep the others of their batch, or of later batches, and no later state overtakes them', async () => {
    void loop.enqueue(delivery([1, 2, 3, 4, 5]));
    void loop.enqueue(delivery([1.1, 2.1, 3.1, 4.1, 5.1]));
    void loop.enqueue(delivery([6]));
    await failAtThree(20_000);
    const states = accepted.flatMap((body) => body.slice(1, -1).split(','));
    for (const name of ['1', '2', '4', '5'])
      expect(states.filter((state) => state.startsWith(name))).toEqual([name, `${name}.1`]);
    expect(states).toContain('6');
    expect(client.posted).not.toContain('[3.1]');

    while (client.posted.at(-1) !== '[3.1]') {
      await jest.advanceTimersByTimeAsync(100);
      while (client.pending() > 0) await client.answer(200);
    }
    expect(loop.queuedAlerts).toBe(0);
  });

  it('are tried rarely, and fail nobody else', async () => {
    void loop.enqueue(delivery([3]));
    void loop.enqueue(delivery([1]));
    await failAtThree(2_000);
    const before = client.posted.length;
    const told = [];
    for (let minute = 0; minute < 3; minute++) {
      await failAtThree(60_000);
      const other = loop.enqueue(delivery([10 + minute]));
      await failAtThree(200);
      told.push(await other);
    }

    expect(told).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }]);
    expect(client.posted.length - before - told.length).toBeLessThan(20);
  });

  it('tell at once those who sent a later state of them', async () => {
    void loop.enqueue(delivery([3]));
    void loop.enqueue(delivery([1]));
    await failAtThree(2_000);
    const later = loop.enqueue(delivery([3.1]));
    const postedBefore = client.posted.length;

    expect(await later).toMatchObject({ kind: 'failed' });
    expect(client.posted).toHaveLength(postedBefore);
  });
});

describe('an Alertmanager that cannot be reached', () => {
  it('gets the same batches when it is back, in the same order', async () => {
    for (const names of [[1, 2], [1.1, 3], [4]]) void loop.enqueue(delivery(names));
    for (let attempt = 0; attempt < 10; attempt++) {
      await client.answer('refused');
      await jest.advanceTimersByTimeAsync(5_000);
    }
    for (let batch = 0; batch < 3; batch++) await client.answer(200);

    expect(client.posted.slice(-3)).toEqual(['[1,2]', '[1.1,3]', '[4]']);
  });
});

describe('an Alertmanager that answers everything with an error', () => {
  it('gets all when it is back, at the latest after five seconds', async () => {
    for (let number = 0; number < 5; number++)
      void loop.enqueue(delivery([10, 20, 30].map((name) => name + number / 10)));
    for (let passed = 0; passed < 60_000; passed += 500) {
      while (client.pending() > 0) await client.answer(503);
      await jest.advanceTimersByTimeAsync(500);
    }
    for (let passed = 0; passed < 5_000; passed += 100) {
      while (client.pending() > 0) {
        accepted.push(client.posted.at(-1) ?? '');
        await client.answer(200);
      }
      await jest.advanceTimersByTimeAsync(100);
    }

    expect(loop.queuedAlerts).toBe(0);
    const states = accepted.flatMap((body) => body.slice(1, -1).split(','));
    for (const name of ['1', '2', '3']) {
      const ofAlert = states.filter((state) => state.startsWith(name));
      expect(ofAlert).toEqual([`${name}0`, `${name}0.1`, `${name}0.2`, `${name}0.3`, `${name}0.4`]);
    }
  });
});
