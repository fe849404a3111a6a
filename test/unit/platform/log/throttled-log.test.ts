import { beforeEach, describe, expect, it } from '@jest/globals';
import { ThrottledLog } from '../../../../src/platform/log/throttled-log.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';

let recorded: RecordedLog;
let log: ThrottledLog;
let time = 0;

beforeEach(() => {
  recorded = createRecordedLog();
  time = 0;
  log = new ThrottledLog(recorded.log, () => time);
});

const lines = (): string[] => recorded.text().trim().split('\n');
const note = (client: string, message = 'refused a body'): void => {
  log.note({ level: 'warn', message, client });
};

describe('ThrottledLog', () => {
  it('logs the first of each client and sentence at once, and the others together', () => {
    for (let count = 0; count < 1000; count++) note('10.0.0.1');
    note('10.0.0.2');
    note('10.0.0.1', 'refused a request');
    expect(lines()).toHaveLength(3);

    time = 60_000;
    note('10.0.0.1');
    expect(lines()).toHaveLength(5);
    expect(lines()[3]).toContain('times=999');
  });

  it('logs no line each for a crowd of clients', () => {
    for (let client = 0; client < 10_000; client++) note(`10.1.${client >> 8}.${client & 255}`);
    log.flush();

    expect(lines().length).toBeLessThan(105);
    expect(recorded.text()).toContain('client=others');
    expect(recorded.text()).toContain('times=9899');
  });
});
