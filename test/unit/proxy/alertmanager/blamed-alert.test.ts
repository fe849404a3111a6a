import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Delivery } from '../../../../src/proxy/alertmanager/delivery.ts';
import { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';
import { createStubClient, delivery, settle, type StubClient } from './stub-client.ts';

const MESSAGE = 'Alertmanager takes other alerts, but not this one; retrying';

let client: StubClient;
let log: RecordedLog;
let loop: SendLoop;

beforeEach(() => {
  jest.useFakeTimers();
  client = createStubClient();
  log = createRecordedLog();
  loop = new SendLoop({
    url: 'http://am/api/v2/alerts',
    connection: { client, timeout: 5_000 },
    capacity: { alerts: 1_000, bytes: 1_000_000 },
    observer: { sent: () => undefined, failed: () => undefined, dropped: () => undefined },
    log: log.log,
    now: Date.now,
  });
});
afterEach(async () => {
  await loop.stop();
  jest.useRealTimers();
});

describe('an alert that an Alertmanager does not take though it takes others', () => {
  it('is named once a minute at most, with the number of attempts', async () => {
    await sendBeside(delivery([1]), 50);

    const [first, ...others] = log.lines(MESSAGE);
    expect(first).toContain('attempts=1 ');
    expect(first).toContain('alertname');
    expect(others).toEqual([]);

    await sendBeside(delivery([1]), 30);
    expect(log.lines(MESSAGE)).toHaveLength(2);
    expect(log.lines(MESSAGE)[1]).toMatch(/attempts=\d{1,2} /);
  });

  it('is named in a few words, however long its labels are', async () => {
    const labels = { alertname: 'A', text: 'x'.repeat(5_000) };
    const received = Buffer.from(`[${JSON.stringify({ labels })}]`);
    const long = delivery([1]);
    const alerts = long.alerts.map((alert) => ({
      ...alert,
      received: { start: 1, end: received.length - 1 },
    }));

    await sendBeside({ ...long, received, alerts }, 10);

    const [line = ''] = log.lines(MESSAGE);
    expect(line).toContain('xxx…');
    expect(line.length).toBeLessThan(300);
  });
});

/** Sends the delivery, which fails, among others that do not, for so many seconds. */
async function sendBeside(failing: Delivery, seconds: number): Promise<void> {
  void loop.enqueue(failing);
  for (let second = 0; second < seconds; second++) {
    void loop.enqueue(delivery([2 + second]));
    await settle();
    while (client.pending() > 0) await client.answer(client.posted.at(-1) === '[1]' ? 500 : 200);
    await jest.advanceTimersByTimeAsync(1_000);
  }
}
