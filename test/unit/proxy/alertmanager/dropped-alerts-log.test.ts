import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';
import { createStubClient, delivery, type StubClient } from './stub-client.ts';

const MINUTE = 60_000;

let client: StubClient;
let recorded: RecordedLog;
let loop: SendLoop;

beforeEach(() => {
  jest.useFakeTimers();
  client = createStubClient();
  recorded = createRecordedLog();
  const ignore = (): void => undefined;
  loop = new SendLoop({
    url: 'http://am/api/v2/alerts',
    connection: { client, timeout: 3 * MINUTE },
    capacity: { alerts: 3, bytes: 1_000_000 },
    observer: { sent: ignore, failed: ignore, dropped: ignore },
    log: recorded.log,
    now: Date.now,
  });
});

afterEach(async () => {
  await loop.stop();
  jest.useRealTimers();
});

function givenUp(): string[] {
  return recorded.lines('gave up alerts');
}

describe('alerts that were given up', () => {
  it('are named in the log at once, then once a minute', async () => {
    for (const name of [1, 2, 3, 4]) void loop.enqueue(delivery([name]));
    expect(givenUp()).toEqual(['alerts=1 why=full']);

    void loop.enqueue(delivery([5, 6]));
    await jest.advanceTimersByTimeAsync(MINUTE - 1);
    expect(givenUp()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(givenUp()).toEqual(['alerts=1 why=full', 'alerts=2 why=full']);

    void loop.enqueue(delivery([7]));
    expect(givenUp()).toHaveLength(2);
  });

  it('are named at once again when none were for a minute', async () => {
    for (const name of [1, 2, 3, 4]) void loop.enqueue(delivery([name]));
    await jest.advanceTimersByTimeAsync(MINUTE);
    void loop.enqueue(delivery([5]));

    expect(givenUp()).toEqual(['alerts=1 why=full', 'alerts=1 why=full']);
  });

  it('are named when they expired', async () => {
    void loop.enqueue(delivery([1, 2], 1_000));
    await client.answer('reset');
    await jest.advanceTimersByTimeAsync(900);
    while (client.pending() > 0) await client.answer('reset');
    await jest.advanceTimersByTimeAsync(5_000);

    expect(givenUp()).toEqual(['alerts=2 why=expired']);
  });

  it('are named when the Alertmanager refused them', async () => {
    void loop.enqueue(delivery([1, 2, 3]));
    await client.answer(401);

    expect(givenUp()).toEqual(['alerts=3 why=refused']);
  });

  it('are counted once a minute where all are refused, with the words of the latest refusal', async () => {
    const refusals = (): string[] => recorded.lines('Alertmanager refused alerts');
    for (const name of [1, 2, 3]) {
      void loop.enqueue(delivery([name]));
      await client.answer(name === 3 ? 403 : 401);
    }
    expect(refusals()).toEqual(['batches=1 status=401 err=told']);

    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(refusals()).toEqual(['batches=1 status=401 err=told', 'batches=2 status=403 err=told']);
    expect(givenUp()).toEqual(['alerts=1 why=refused', 'alerts=2 why=refused']);
  });

  it('are all named when the proxy stops, whatever was named before', async () => {
    for (const name of [1, 2, 3, 4, 5]) void loop.enqueue(delivery([name]));
    await loop.stop();

    expect(givenUp()).toEqual(['alerts=1 why=full', 'alerts=3 why=stopped', 'alerts=1 why=full']);
  });
});
