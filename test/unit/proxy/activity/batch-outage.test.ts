import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BatchOutage } from '../../../../src/proxy/activity/batch-outage.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';

const MINUTE = 60_000;

describe('BatchOutage', () => {
  let recorded: RecordedLog;
  let outage: BatchOutage;

  beforeEach(() => {
    jest.useFakeTimers();
    recorded = createRecordedLog();
    outage = new BatchOutage(recorded.log);
  });

  afterEach(() => {
    outage.flush();
    jest.useRealTimers();
  });

  function notAccepted(): string[] {
    return recorded.lines('batch not accepted');
  }

  function ends(): number {
    return recorded.lines('batches are accepted again').length;
  }

  it('says that a batch was not accepted at once, then how many once a minute', () => {
    for (let second = 0; second < 120; second += 1) {
      outage.notAccepted(10, second < 60 ? 'down' : 'hangs');
      jest.advanceTimersByTime(1_000);
    }

    expect(notAccepted()).toEqual([
      'batches=1 alerts=10 err=down',
      'batches=59 alerts=590 err=down',
      'batches=60 alerts=600 err=hangs',
    ]);
  });

  it('says once that batches are accepted again, and nothing where all were', () => {
    outage.accepted();
    expect(ends()).toBe(0);

    outage.notAccepted(1, 'down');
    outage.accepted();
    outage.accepted();
    expect(ends()).toBe(1);
  });

  it('says it after what was not said yet', () => {
    outage.notAccepted(1, 'down');
    outage.notAccepted(2, 'down');
    outage.accepted();
    expect(ends()).toBe(0);

    jest.advanceTimersByTime(MINUTE);
    expect(notAccepted()).toEqual(['batches=1 alerts=1 err=down', 'batches=1 alerts=2 err=down']);
    expect(ends()).toBe(1);
  });

  it('does not flood the log where batches are accepted by turns', () => {
    for (let second = 0; second < 600; second += 1) {
      outage.notAccepted(1, 'down');
      outage.accepted();
      jest.advanceTimersByTime(1_000);
    }

    expect(notAccepted().length).toBeLessThanOrEqual(11);
    expect(ends()).toBeLessThanOrEqual(11);
  });

  it('says at the end what was not said yet', () => {
    outage.notAccepted(1, 'down');
    outage.notAccepted(2, 'down');
    outage.flush();

    expect(notAccepted()).toHaveLength(2);
  });
});
