import { describe, expect, it } from '@jest/globals';
import { SendHistory } from '../../../../src/proxy/alertmanager/send-history.ts';

describe('SendHistory', () => {
  it('knows nothing before the first attempt', () => {
    expect(new SendHistory().summary()).toEqual({
      isFailing: false,
      lastAcceptedAt: undefined,
      lastError: undefined,
      latency: undefined,
    });
  });

  it('keeps the last error when it works again', () => {
    const history = new SendHistory();
    history.note({ kind: 'failed', sentence: 'refused' }, 1_000, 3);
    expect(history.summary().isFailing).toBe(true);

    history.note({ kind: 'accepted' }, 2_000, 5);

    expect(history.summary()).toEqual({
      isFailing: false,
      lastAcceptedAt: 2_000,
      lastError: { at: 1_000, sentence: 'refused' },
      latency: { median: 5, p95: 5 },
    });
  });

  it('counts a refusal as failing too, and does not show what the answer said', () => {
    const history = new SendHistory();
    history.note({ kind: 'rejected', status: 400, body: Buffer.from('secret') }, 1_000, 3);

    const { isFailing, lastError } = history.summary();

    expect(isFailing).toBe(true);
    expect(lastError?.sentence).toBe('it refused alerts with HTTP status 400; the log says more');
  });
});
