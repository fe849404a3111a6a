import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/sensu/json.ts';
import { isInTimeWindows, parseTimeOfDay } from '../../../src/sensu/time-window.ts';

// Recorded from Ruby 3.1: Time.parse, and in_time_windows? of Sensu 1.9 (lib/sensu/utilities.rb).
type Reading = readonly [text: string, hour: number | null, ...rest: (number | null)[]];
type Days = Readonly<Record<string, readonly (readonly [begin: string, end: string])[]>>;
type Look = readonly [days: Days, time: string, isInWindow: boolean];

const times = recorded('times-of-day.json') as readonly Reading[];
const windows = recorded('time-windows.json') as {
  readonly local: readonly Look[];
  readonly utc: readonly Look[];
};

function recorded(file: string): unknown {
  return JSON.parse(readFileSync(`test/fixtures/sensu/ruby/${file}`, 'utf8'));
}

function toWindows(days: Days): JsonObject {
  const entries = Object.entries(days).map(
    ([day, list]) =>
      [
        day,
        list.map(
          ([begin, end]) =>
            new Map([
              ['begin', begin],
              ['end', end],
            ]),
        ),
      ] as const,
  );
  return new Map([['days', new Map(entries)]]);
}

describe('a time of day', () => {
  const readings = times.map(
    ([text, hour, minute, second, offset]) =>
      [text, hour === null ? undefined : { hour, minute, second, offset: offset ?? undefined }] as const,
  );

  it.each(readings)('is to the runner what it is to Ruby: %s', (text, expected) => {
    expect(parseTimeOfDay(text)).toEqual(expected);
  });
});

describe('a subdue', () => {
  // 2026-11-20, a Friday.
  it.each(windows.local)(
    'holds in local time when it holds in Sensu: %j at %s: %s',
    (days, time, expected) => {
      expect(isInTimeWindows(toWindows(days), new Date(`2026-11-20T${time}`).getTime())).toBe(expected);
    },
  );

  it.each(windows.utc)(
    'holds in other zones when it holds in Sensu: %j at %s UTC: %s',
    (days, time, expected) => {
      expect(isInTimeWindows(toWindows(days), Date.parse(`2026-11-20T${time}Z`))).toBe(expected);
    },
  );
});
