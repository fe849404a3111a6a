import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTime } from '../../../../src/proxy/alert/time.ts';

const THEN = Date.UTC(2026, 0, 2, 3, 4, 5);

// Which texts Alertmanager takes is compared with a real one in test/e2e/alertmanager-rules.test.ts.
describe('parseTime', () => {
  it.each([
    ['nothing', undefined, 'unset'],
    ['null', null, 'unset'],
    ["Go's zero time", '0001-01-01T00:00:00Z', 'unset'],
    ["Go's zero time in another zone", '0001-01-01T01:00:00+01:00', 'unset'],
    ['an empty text', '', 0],
    ['a time', '2026-01-02T03:04:05Z', THEN],
    ['a time with an offset', '2026-01-02T05:04:05+02:00', THEN],
    ['a time with an offset without a colon', '2026-01-02T05:04:05.000+0200', THEN],
    ['milliseconds', '2026-01-02T03:04:05.678Z', THEN + 678],
    ['more digits than a double holds', '2026-01-02T03:04:05.50000000000000000000Z', THEN + 500],
    ['a fraction after a comma', '2026-01-02T03:04:05,5Z', THEN + 500],
    ['no zone, which is UTC', '2026-01-02T03:04:05', THEN],
    ['no seconds', '2026-01-02T03:04Z', THEN - 5000],
    ['a blank instead of T', '2026-01-02 03:04:05', THEN],
    ['one digit for the hour', '2026-01-02T3:04:05Z', THEN],
    ['29 February of a leap year', '2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['29 February of another year', '2026-02-29T00:00:00Z', 'invalid'],
    ['24:00', '2026-01-02T24:00:00Z', 'invalid'],
    ['a leap second', '2016-12-31T23:59:60Z', 'invalid'],
    ['a date alone', '2026-01-02', 'invalid'],
    ['a number', 1_700_000_000, 'invalid'],
    ['words', 'yesterday', 'invalid'],
  ])('reads %s', (_, value, expected) => {
    expect(parseTime(value)).toBe(expected);
  });

  it('tells microseconds apart', () => {
    const earlier = parseTime('2026-01-02T03:04:05.000001Z');
    const later = parseTime('2026-01-02T03:04:05.000002Z');

    expect(Number(later)).toBeGreaterThan(Number(earlier));
  });

  it('reads every time that Prometheus writes', () => {
    const times = fc.date({
      min: new Date('0001-01-01T00:00:01Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });

    fc.assert(
      fc.property(times, (time) => {
        expect(parseTime(time.toISOString())).toBe(time.getTime());
      }),
    );
  });
});
