import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createLoop } from './create-loop.ts';
import { createStubClient, delivery, type StubClient } from './stub-client.ts';

let client: StubClient;
let loop: SendLoop;
let accepted: string[];

beforeEach(() => {
  jest.useFakeTimers();
  client = createStubClient();
  accepted = [];
  loop = createLoop(client);
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
      loop.enqueue(delivery([3]));
      loop.enqueue(delivery([1]));
      loop.enqueue(delivery([2]));
      await failAtThree(5_000, failure);
      expect(accepted.join()).toMatch(/^\[1,2\]|\[1\],\[2\]$/);

      const before = client.posted.length;
      await failAtThree(60_000, failure);
      expect(client.posted.length).toBeGreaterThan(before);
    },
  );

  it('do not keep the others of their batch, or of later batches, and no later state overtakes them', async () => {
    loop.enqueue(delivery([1, 2, 3, 4, 5]));
    loop.enqueue(delivery([1.1, 2.1, 3.1, 4.1, 5.1]));
    loop.enqueue(delivery([6]));
    await failAtThree(20_000);
    const states = accepted.flatMap((body) => body.slice(1, -1).split(','));
    for (const name of ['1', '2', '4', '5'])
      expect(states.findLast((state) => state.startsWith(name))).toBe(`${name}.1`);
    expect(states).toContain('6');
    expect(states).not.toContain('3.1');

    while (loop.queuedAlerts > 0) {
      await jest.advanceTimersByTimeAsync(100);
      while (client.pending() > 0) await client.answer(200);
    }
    expect(loop.queuedAlerts).toBe(0);
  });

  it('are tried rarely, and fail nobody else', async () => {
    loop.enqueue(delivery([3]));
    loop.enqueue(delivery([1]));
    await failAtThree(2_000);
    const before = client.posted.length;
    const told = [];
    for (let minute = 0; minute < 3; minute++) {
      await failAtThree(60_000);
      const other = loop.enqueue(delivery([10 + minute]));
      await failAtThree(200);
      told.push(await other.outcome);
    }

    expect(told).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }]);
    expect(client.posted.length - before - told.length).toBeLessThan(20);
  });

  it('tell at once those who sent a later state of them', async () => {
    loop.enqueue(delivery([3]));
    loop.enqueue(delivery([1]));
    await failAtThree(2_000);
    const later = loop.enqueue(delivery([3.1]));
    const postedBefore = client.posted.length;

    expect(await later.outcome).toMatchObject({ kind: 'failed' });
    expect(client.posted).toHaveLength(postedBefore);
  });
});

describe('an Alertmanager that cannot be reached', () => {
  it('gets the newest state of each alert when it is back', async () => {
    for (const names of [[1, 2], [1.1, 3], [4]]) loop.enqueue(delivery(names));
    for (let attempt = 0; attempt < 10; attempt++) {
      await client.answer('refused');
      await jest.advanceTimersByTimeAsync(5_000);
    }
    await client.answer(200);

    expect(client.posted.at(-1)).toBe('[1.1,2,3,4]');
  });
});

describe('an Alertmanager that answers everything with an error', () => {
  it('gets the newest states when it is back, at the latest after five seconds', async () => {
    for (let number = 0; number < 5; number++)
      loop.enqueue(delivery([10, 20, 30].map((name) => name + number / 10)));
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
      expect(states.filter((state) => state.startsWith(name))).toEqual([`${name}0.4`]);
    }
  });
});
