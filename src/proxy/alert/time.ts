// Go's time.RFC3339 with any fraction, what Prometheus and every known sender write.
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

const ZERO_TIME = Date.parse('0001-01-01T00:00:00Z');

/** A point in time, `unset` (absent, or Go's zero time), or `invalid`: Alertmanager would refuse the whole batch. */
export type ParsedTime = number | 'unset' | 'invalid';

/**
 * Reads startsAt or endsAt as Alertmanager does. The empty string is 1970 there (go-openapi/strfmt ParseDateTime),
 * so it is here too.
 */
export function parseTime(value: unknown): ParsedTime {
  if (value === undefined || value === null) return 'unset';
  if (value === '') return 0;
  if (typeof value !== 'string') return 'invalid';
  const match = RFC3339.exec(value);
  if (match === null || !isCalendarDate(match)) return 'invalid';
  const time = Date.parse(value);
  if (Number.isNaN(time)) return 'invalid';
  return time === ZERO_TIME ? 'unset' : time;
}

// Date.parse takes 30 February and 24:00; Go does not.
function isCalendarDate([, year, month, day, hour]: RegExpExecArray): boolean {
  if (hour === '24') return false;
  const dayOfMonth = Number(day);
  if (dayOfMonth <= 28) return true;
  return dayOfMonth <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}
