import { SendLoop } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { broadcast, type SendObserver } from '../../../../src/proxy/alertmanager/send-observer.ts';
import type { StubClient } from './stub-client.ts';

export const TIMEOUT = 5_000;

/** A loop by the clock of the test. */
export function createLoop(
  client: StubClient,
  { capacity = 1_000_000, ...observer }: Partial<SendObserver> & { capacity?: number } = {},
): SendLoop {
  return new SendLoop({
    url: 'http://am/api/v2/alerts',
    connection: { client, timeout: TIMEOUT },
    capacity,
    observer: broadcast([observer]),
    now: Date.now,
    monotonic: () => performance.now(),
  });
}
