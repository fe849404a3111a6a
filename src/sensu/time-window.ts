import { isArray, isObject, type JsonObject, type JsonValue } from './json.ts';
import { parseZone } from './time-zone.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
// What Ruby's Time.parse takes for a time of day: `23:30`, `11:30:00 PM`, `11pm`, `9h30`, and what may follow it (lib/date, _parse).
const TIME =
  /^(\d{1,2})(?:(?::|\s*h\s*)(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?|\s*(h))?\s*(?:([ap])\.?m\.?(?![a-z]))?\s*(\D.*)?$/i;

export interface TimeOfDay {
  /** 24 is the midnight at the end of the day. */
  readonly hour: number;
  readonly minute: number;
  /** With its fraction. */
  readonly second: number;
  /** Minutes east of UTC; undefined: local time. */
  readonly offset: number | undefined;
}

/** Whether a time lies in one of the windows of `{"days": {"all": […], "monday": […]}}`, as Sensu decides it. */
export function isInTimeWindows(windows: JsonObject, now: number): boolean {
  const days = windows.get('days');
  if (!isObject(days)) return false;
  const today = DAYS[new Date(now).getDay()] ?? '';
  return [days.get('all'), days.get(today)].some(
    (conditions) => isArray(conditions) && conditions.some((condition) => isInWindow(condition, now)),
  );
}

/** What is wrong with the windows; undefined if nothing is. */
export function timeWindowsProblem(windows: JsonValue): string | undefined {
  const days = isObject(windows) ? windows.get('days') : undefined;
  if (isObject(windows) && windows.has('begin'))
    return 'check subdue is written as before Sensu 0.26: write {"days": {"all": [{"begin": …, "end": …}]}}';
  if (!isObject(days) || days.size === 0)
    return 'check subdue days must include at least one day of the week or "all"';
  for (const [day, conditions] of days) {
    if (day !== 'all' && !DAYS.some((known) => known === day)) {
      return `check subdue days must be valid days of the week or "all", not "${day}"`;
    }
    if (!isArray(conditions) || conditions.length === 0 || !conditions.every(isWindow)) {
      return `check subdue days ${day} must be an array of windows with "begin" and "end", times such as "23:30" or "11:30 PM"`;
    }
  }
  return undefined;
}

function isWindow(condition: JsonValue): boolean {
  return windowTimes(condition, Date.now()) !== undefined;
}

// A window that ends before it begins spans midnight, and is looked at as the part of it that lies in today.
function isInWindow(condition: JsonValue, now: number): boolean {
  const times = windowTimes(condition, now);
  if (times === undefined) return false;
  let begin = onDayOf(now, times.begin);
  let end = onDayOf(now, times.end);
  if (end < begin) {
    if (now < end) begin = midnight(now, times.begin, 'before');
    else end = midnight(now, times.end, 'after') - 1;
  }
  return now >= begin && now <= end;
}

function windowTimes(condition: JsonValue, now: number): { begin: TimeOfDay; end: TimeOfDay } | undefined {
  if (!isObject(condition)) return undefined;
  const begin = parseTimeOfDay(condition.get('begin'), now);
  const end = parseTimeOfDay(condition.get('end'), now);
  return begin === undefined || end === undefined ? undefined : { begin, end };
}

/**
 * Reads a time of day as Ruby's Time.parse does; undefined if that reads none, or a date. Names of zones that it does not know,
 * and what follows a zone, mean nothing to it: `9PM PT` and `21:00 America/Chicago` are local times.
 */
export function parseTimeOfDay(
  value: JsonValue | undefined,
  now: number = Date.now(),
): TimeOfDay | undefined {
  const match = typeof value === 'string' ? TIME.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, hours = '', minutes, seconds = '0', h, half, zone = ''] = match;
  if (minutes === undefined && h === undefined && half === undefined) return undefined;
  const offset = parseZone(zone, now);
  if (offset === undefined) return undefined;
  const time = {
    hour: half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0),
    minute: Number(minutes ?? 0),
    second: Number(seconds.replace(',', '.')),
    offset: offset === 'local' ? undefined : offset,
  };
  return isTime(time) ? time : undefined;
}

// A leap second counts as the one that follows it.
function isTime({ hour, minute, second }: TimeOfDay): boolean {
  return hour === 24 ? minute === 0 && second === 0 : hour < 24 && minute < 60 && second < 61;
}

// The midnights around a time; 24:00 begins the day that follows.
function midnight(now: number, { hour, offset }: TimeOfDay, side: 'before' | 'after'): number {
  const before = hour === 24 ? 24 : 0;
  return onDayOf(now, { hour: side === 'before' ? before : before + 24, minute: 0, second: 0, offset });
}

// Time.parse takes the date from the calendar of the time's own zone (lib/time.rb make_time).
function onDayOf(now: number, { hour, minute, second, offset }: TimeOfDay): number {
  const milliseconds = Math.floor(second * 1000);
  if (offset === undefined) {
    const today = new Date(now);
    const date = [today.getFullYear(), today.getMonth(), today.getDate()] as const;
    return new Date(...date, hour, minute, 0, milliseconds).getTime();
  }
  const today = new Date(now + offset * 60_000);
  const date = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()] as const;
  return Date.UTC(...date, hour, minute, 0, milliseconds) - offset * 60_000;
}
