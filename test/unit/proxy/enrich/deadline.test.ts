import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../../src/proxy/enrich/deadline.ts';

describe('Deadline', () => {
  it('is over after its time, and not before', async () => {
    const startedAt = performance.now();
    const deadline = new Deadline(30);

    expect(deadline.exhausted).toBe(false);
    await deadline.over;
    expect(deadline.exhausted).toBe(true);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
  });

  it('is over at once when nobody waits any longer', async () => {
    const deadline = new Deadline(3_600_000);

    deadline.cancel();

    await deadline.over;
    expect(deadline.exhausted).toBe(true);
  });
});
