import { describe, expect, it } from '@jest/globals';
import { parseJson, type JsonObject } from '../../../src/sensu/json.ts';
import { isInTimeWindows, parseTimeOfDay } from '../../../src/sensu/time-window.ts';

// 2026-11-20 is a Friday.
function at(day: number, hour: number, minute = 0, second = 0): number {
  return new Date(2026, 10, day, hour, minute, second).getTime();
}

function windows(days: string): JsonObject {
  const parsed = parseJson(`{"days":${days}}`);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value as JsonObject;
}

describe('subdue', () => {
  it.each([
    ['inside a window of every day', '{"all":[{"begin":"09:00","end":"17:00"}]}', at(20, 12), true],
    ['at its very end', '{"all":[{"begin":"09:00","end":"17:00"}]}', at(20, 17), true],
    ['a second later', '{"all":[{"begin":"09:00","end":"17:00"}]}', at(20, 17, 0, 1), false],
    [
      'in the second of two windows',
      '{"all":[{"begin":"1:00","end":"2:00"},{"begin":"3:00","end":"4:00"}]}',
      at(20, 3, 30),
      true,
    ],
    ['on its day', '{"friday":[{"begin":"11:30:00 PM","end":"11:45:00 PM"}]}', at(20, 23, 40), true],
    ['on another day', '{"friday":[{"begin":"11:30:00 PM","end":"11:45:00 PM"}]}', at(21, 23, 40), false],
    ['over midnight, before it', '{"friday":[{"begin":"22:00","end":"06:00"}]}', at(20, 23), true],
    [
      'over midnight, in the morning of the same day',
      '{"friday":[{"begin":"22:00","end":"06:00"}]}',
      at(20, 5),
      true,
    ],
    ['over midnight, in the morning after', '{"friday":[{"begin":"22:00","end":"06:00"}]}', at(21, 5), false],
    ['over midnight, at noon', '{"friday":[{"begin":"22:00","end":"06:00"}]}', at(20, 12), false],
    ['twelve AM, which is midnight', '{"all":[{"begin":"12am","end":"1am"}]}', at(20, 0, 30), true],
    ['twelve PM, which is noon', '{"all":[{"begin":"12 PM","end":"1 PM"}]}', at(20, 12, 30), true],
  ])('knows whether it is %s', (_, days, now, expected) => {
    expect(isInTimeWindows(windows(days), now)).toBe(expected);
  });

  it.each([
    ['21:00 EST', 2],
    ['9pm est', 2],
    ['22:00 EDT', 2],
    ['18:00 PST', 2],
    ['02:00 GMT', 2],
    ['11:00 +09', 2],
    ['07:30 +0530', 2],
  ])('reads %s as %i o’clock UTC', (time, hour) => {
    const { hour: own, minute, offset = NaN } = parseTimeOfDay(time) ?? { hour: NaN, minute: NaN };

    expect((own * 60 + minute - offset + 24 * 60) % (24 * 60)).toBe(hour * 60);
  });

  it.each([
    ['23:00 JST', -9 * 60],
    ['23:00 CEST', -2 * 60],
    ['23:00 KST', -9 * 60],
  ])('reads %s in local time, unless that is the zone of the machine', (time, own) => {
    const offsets = [0, 6].map((month) => new Date(2026, month, 1).getTimezoneOffset());

    expect(parseTimeOfDay(time)).toEqual({
      hour: 23,
      minute: 0,
      second: 0,
      offset: offsets.includes(own) ? -own : undefined,
    });
  });

  it.each(['23', 'soon', '25:00 UTC', '23:00 2026-11-20'])('cannot read %s', (time) => {
    expect(parseTimeOfDay(time)).toBeUndefined();
  });

  it('reads a time with a zone', () => {
    const now = at(20, 12);
    const utc = new Date(now).toISOString().slice(11, 16);
    const days = `{"all":[{"begin":"${utc} UTC","end":"${utc} +00:00"}]}`;

    expect(isInTimeWindows(windows(days), now)).toBe(true);
    expect(isInTimeWindows(windows(days), now + 60_000)).toBe(false);
  });
});
