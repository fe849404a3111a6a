import { isArray, isObject, type JsonObject, type JsonValue } from './json.ts';
import { parseZone } from './time-zone.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
// The times of day that people write, of the many that Ruby's Time.parse reads: `23:30`, `11:30:00 PM`, `11pm`, `17:00 JST`.
const TIME =
  /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s*(?:([ap])\.?m\.?)?\s*([a-z]{1,4}|[+-]\d{2}(?::?\d{2})?)?$/i;

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
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
    if (now < end) begin = onDayOf(now, { ...times.begin, hour: 0, minute: 0, second: 0 });
    else end = onDayOf(now, { ...times.end, hour: 23, minute: 59, second: 59 });
  }
  return now >= begin && now <= end;
}

function windowTimes(condition: JsonValue, now: number): { begin: TimeOfDay; end: TimeOfDay } | undefined {
  if (!isObject(condition)) return undefined;
  const begin = parseTimeOfDay(condition.get('begin'), now);
  const end = parseTimeOfDay(condition.get('end'), now);
  return begin === undefined || end === undefined ? undefined : { begin, end };
}

/** Reads a time of day as people write it in Sensu configurations; undefined if it is none. */
export function parseTimeOfDay(
  value: JsonValue | undefined,
  now: number = Date.now(),
): TimeOfDay | undefined {
  const match = typeof value === 'string' ? TIME.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, hours = '', minutes, seconds = '0', half, zone] = match;
  if (minutes === undefined && half === undefined) return undefined;
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const offset = zone === undefined ? 'local' : parseZone(zone, now);
  if (offset === undefined) return undefined;
  const time = {
    hour,
    minute: Number(minutes ?? 0),
    second: Number(seconds),
    offset: offset === 'local' ? undefined : offset,
  };
  return time.hour < 24 && time.minute < 60 && time.second < 60 ? time : undefined;
}

// Time.parse takes the date from the local calendar, also for a time with a zone.
function onDayOf(now: number, { hour, minute, second, offset }: TimeOfDay): number {
  const today = new Date(now);
  const date = [today.getFullYear(), today.getMonth(), today.getDate(), hour, minute, second] as const;
  return offset === undefined ? new Date(...date).getTime() : Date.UTC(...date) - offset * 60_000;
}
