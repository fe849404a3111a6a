import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nextRun, startSchedule } from '../../../src/runner/next-run.ts';

const HOUR = 3_600_000;

describe('when a check is due', () => {
  it("is what sensu-client's splay says", () => {
    const now = 1_700_000_000_123;

    const due = nextRun('web-001.example.co.jp', 'check_disk', { kind: 'interval', seconds: 60 }, now);

    expect(due).toBe(now + 48_899);
  });

  it('is the same place in each interval, also right at it', () => {
    const timing = { kind: 'interval', seconds: 10 } as const;
    const first = nextRun('c', 'x', timing, 1_700_000_000_000) ?? NaN;

    expect(nextRun('c', 'x', timing, first - 1)).toBe(first);
    expect(nextRun('c', 'x', timing, first)).toBe(first + 10_000);
    expect(nextRun('c', 'x', timing, first + 0.5)).toBe(first + 10_000);
    expect(nextRun('c', 'x', timing, first + 1e12)).toBe(first + 1e12 + 10_000);
  });

  it('follows cron in local time', () => {
    const now = new Date(2026, 10, 20, 12, 3, 30).getTime();

    expect(nextRun('c', 'x', { kind: 'cron', expression: '*/5 * * * *' }, now)).toBe(
      new Date(2026, 10, 20, 12, 5).getTime(),
    );
    expect(nextRun('c', 'x', { kind: 'cron', expression: '0 6 * * mon' }, now)).toBe(
      new Date(2026, 10, 23, 6).getTime(),
    );
  });
});

describe('a schedule', () => {
  const runs: number[] = [];
  const hourly = (now: number): number => Math.floor(now / HOUR + 1) * HOUR;

  beforeEach(() => {
    runs.length = 0;
    jest.useFakeTimers({ now: 10 * HOUR + 1 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('runs at each due time until it is ended', () => {
    const end = startSchedule(hourly, () => runs.push(Date.now()));
    jest.advanceTimersByTime(2.5 * HOUR);
    end();
    jest.advanceTimersByTime(5 * HOUR);

    expect(runs).toEqual([11 * HOUR, 12 * HOUR]);
  });

  it('runs once after the machine slept, and goes on in step', () => {
    const end = startSchedule(hourly, () => runs.push(Date.now()));
    jest.setSystemTime(15 * HOUR + 5);
    jest.advanceTimersByTime(60_000);
    const wakeUp = 15 * HOUR + 60_005;
    expect(runs).toEqual([wakeUp]);
    jest.advanceTimersByTime(HOUR);
    end();

    expect(runs).toEqual([wakeUp, 16 * HOUR]);
  });

  it('does not stand still after the clock was set back', () => {
    const end = startSchedule(hourly, () => runs.push(Date.now()));
    jest.setSystemTime(2 * HOUR + 1);
    jest.advanceTimersByTime(1.5 * HOUR);
    end();

    expect(runs).toEqual([3 * HOUR]);
  });

  it('waits longer than the longest timer there is', () => {
    const due = 2 ** 32;
    const end = startSchedule(
      (now) => (now < due ? due : undefined),
      () => runs.push(Date.now()),
    );
    jest.advanceTimersByTime(due - 10 * HOUR - 2);
    expect(runs).toEqual([]);
    jest.advanceTimersByTime(2);
    end();

    expect(runs).toEqual([due]);
  });
});
