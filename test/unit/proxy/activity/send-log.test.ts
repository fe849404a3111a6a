import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SendLog } from '../../../../src/proxy/activity/send-log.ts';
import type { DeliveryOutcome } from '../../../../src/proxy/alertmanager/outcome.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';

const MINUTE = 60_000;
const FAILED: DeliveryOutcome = { kind: 'failed', sentence: 'HTTP status 503' };
const ACCEPTED: DeliveryOutcome = { kind: 'accepted' };

let recorded: RecordedLog;
let log: SendLog;

beforeEach(() => {
  jest.useFakeTimers();
  recorded = createRecordedLog();
  log = new SendLog(recorded.log);
});
afterEach(() => {
  jest.useRealTimers();
});

function attempt(...outcomes: readonly DeliveryOutcome[]): void {
  for (const outcome of outcomes) log.attempted({ outcome, alerts: 1, milliseconds: 1, isPoison: false });
}

const lines = (): string[] => recorded.text().split('\n').filter(Boolean);

describe('an Alertmanager that fails', () => {
  it('is named when it begins to fail, and when it answers again', () => {
    attempt(FAILED, FAILED, FAILED, FAILED, ACCEPTED, ACCEPTED);

    expect(recorded.lines('Alertmanager does not take alerts; retrying')).toEqual(['err="HTTP status 503"']);
    expect(recorded.lines('Alertmanager answers again')).toEqual(['attempts=4']);
    expect(lines()).toHaveLength(2);
  });

  it('for once is one line, once a minute, with how often that was', () => {
    for (let flap = 0; flap < 5; flap++) attempt(FAILED, ACCEPTED);
    expect(lines()).toHaveLength(1);

    jest.advanceTimersByTime(MINUTE);
    expect(recorded.lines('Alertmanager answered only when asked again')).toEqual([
      'failures=1 err="HTTP status 503"',
      'failures=4 err="HTTP status 503"',
    ]);
    expect(lines()).toHaveLength(2);
  });

  it('on one alert is named with it, once a minute', () => {
    for (let second = 0; second < 50; second++) log.poisoned('[["alertname","A"]]', 'HTTP status 500');
    jest.advanceTimersByTime(MINUTE);

    const [first, second] = recorded.lines('Alertmanager keeps failing on one alert; retrying it');
    expect(first).toContain('attempts=1 ');
    expect(first).toContain('alertname');
    expect(second).toContain('attempts=49 ');
  });

  it('on one alert is named with it in a few words, however long its labels are', () => {
    log.poisoned('x'.repeat(5_000), 'HTTP status 500');

    expect(recorded.text()).toContain('xxx…');
    expect(recorded.text().length).toBeLessThan(300);
  });
});

describe('an Alertmanager that refuses alerts', () => {
  it('is named once a minute, with its latest words', () => {
    for (const status of [401, 401, 403]) attempt({ kind: 'rejected', status, body: Buffer.from('told') });
    jest.advanceTimersByTime(MINUTE);

    expect(recorded.lines('Alertmanager refused alerts')).toEqual([
      'batches=1 status=401 err=told',
      'batches=2 status=403 err=told',
    ]);
  });

  it('because they are too large is named once', () => {
    log.splitting();
    log.splitting();

    expect(lines()).toHaveLength(1);
  });
});

describe('alerts that were dropped', () => {
  const dropped = (): string[] => recorded.lines('dropped alerts');

  it('are counted once a minute for each reason, and at once again when none were for a minute', () => {
    log.dropped(1, 'full');
    log.dropped(2, 'full');
    log.dropped(5, 'expired');
    jest.advanceTimersByTime(MINUTE - 1);
    expect(dropped()).toEqual(['alerts=1 reason=full', 'alerts=5 reason=expired']);

    jest.advanceTimersByTime(1 + 2 * MINUTE);
    log.dropped(1, 'full');
    expect(dropped().slice(2)).toEqual(['alerts=2 reason=full', 'alerts=1 reason=full']);
  });

  it('are all named when sending stops, whatever was named before', () => {
    log.dropped(1, 'full');
    log.dropped(1, 'full');
    log.dropped(3, 'stopped');
    log.stopped();

    expect(dropped()).toEqual(['alerts=1 reason=full', 'alerts=3 reason=stopped', 'alerts=1 reason=full']);
  });
});
