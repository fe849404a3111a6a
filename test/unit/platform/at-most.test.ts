import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { atMost } from '../../../src/platform/at-most.ts';

describe('atMost', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('resolves with what comes in time, and leaves no timer', async () => {
    expect(await atMost(1_000, Promise.resolve('answer'))).toBe('answer');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('resolves with nothing when the time is over', async () => {
    const waited = atMost(1_000, new Promise(() => undefined));

    jest.advanceTimersByTime(1_000);

    expect(await waited).toBeUndefined();
  });

  it('rejects with what fails in time, and leaves no timer', async () => {
    await expect(atMost(1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });
});
