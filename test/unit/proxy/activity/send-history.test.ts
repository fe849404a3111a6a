import { describe, expect, it } from '@jest/globals';
import { SendHistory } from '../../../../src/proxy/activity/send-history.ts';

let now = 0;

describe('SendHistory', () => {
  it('knows nothing before the first attempt', () => {
    expect(new SendHistory({ now: () => now }).summary()).toEqual({
      isFailing: false,
      lastAcceptedAt: undefined,
      lastError: undefined,
      latency: undefined,
    });
  });

  it('keeps the last error when it works again', () => {
    const history = new SendHistory({ now: () => now });
    now = 1_000;
    history.attempted({
      outcome: { kind: 'failed', sentence: 'refused' },
      milliseconds: 3,
      alerts: 1,
      isPoison: false,
    });
    expect(history.summary().isFailing).toBe(true);

    now = 2_000;
    history.attempted({ outcome: { kind: 'accepted' }, milliseconds: 5, alerts: 1, isPoison: false });

    expect(history.summary()).toEqual({
      isFailing: false,
      lastAcceptedAt: 2_000,
      lastError: { at: 1_000, sentence: 'refused' },
      latency: { median: 5, p95: 5 },
    });
  });

  it('counts a refusal as failing too, and does not show what the answer said', () => {
    const history = new SendHistory({ now: () => now });
    now = 1_000;
    history.attempted({
      outcome: { kind: 'rejected', status: 400, body: Buffer.from('secret') },
      milliseconds: 3,
      alerts: 1,
      isPoison: false,
    });

    const { isFailing, lastError } = history.summary();

    expect(isFailing).toBe(true);
    expect(lastError?.sentence).toBe('it refused alerts with HTTP status 400; the log says more');
  });
});
