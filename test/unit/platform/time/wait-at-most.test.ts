import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { waitAtMost } from '../../../../src/platform/time/wait-at-most.ts';

describe('atMost', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('resolves with what comes in time, and leaves no timer', async () => {
    expect(await waitAtMost(1_000, Promise.resolve('answer'))).toBe('answer');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('resolves with nothing when the time is over', async () => {
    const waited = waitAtMost(1_000, new Promise(() => undefined));

    jest.advanceTimersByTime(1_000);

    expect(await waited).toBeUndefined();
  });

  it('rejects with what fails in time, and leaves no timer', async () => {
    await expect(waitAtMost(1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });
});
