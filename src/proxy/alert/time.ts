const DATE = String.raw`(?<date>\d{4}-\d{2}-\d{2})`;
const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})`;
const FRACTION = String.raw`(?:[.,](?<fraction>\d+))`;

// What go-openapi/strfmt tries in turn (time.go DateTimeFormats). Prometheus and every known sender write the first.
const FORMATS = [
  String.raw`${DATE}T${CLOCK}${FRACTION}?(?<zone>Z|[+-]\d{2}:\d{2})?`,
  String.raw`${DATE}T${CLOCK}[.,](?<fraction>\d{3}|\d{6})(?<zone>[+-]\d{4})`,
  String.raw`${DATE}T(?<hour>\d{1,2}):(?<minute>\d{2})Z?`,
  `${DATE} ${CLOCK}${FRACTION}?`,
].map((format) => new RegExp(`^${format}$`));

const ZERO_TIME = Date.parse('0001-01-01T00:00:00Z');

/** A point in time, `unset` (absent, or Go's zero time), or `invalid`: Alertmanager would refuse the whole batch. */
export type ParsedTime = number | 'unset' | 'invalid';

/**
 * Reads startsAt or endsAt as Alertmanager does: milliseconds since 1970, down to a microsecond. The empty string
 * is 1970 there (go-openapi/strfmt ParseDateTime), so it is here too.
 */
export function parseTime(value: unknown): ParsedTime {
  if (value === undefined || value === null) return 'unset';
  if (value === '') return 0;
  if (typeof value !== 'string') return 'invalid';
  for (const format of FORMATS) {
    const groups = format.exec(value)?.groups;
    if (groups !== undefined) return timeOf(groups);
  }
  return 'invalid';
}

function timeOf(groups: Readonly<Record<string, string | undefined>>): ParsedTime {
  const { date = '', hour = '', minute = '', second = '00', fraction = '', zone = 'Z' } = groups;
  if (hour === '24' || !isCalendarDate(date)) return 'invalid';
  const whole = Date.parse(`${date}T${hour.padStart(2, '0')}:${minute}:${second}${zone}`);
  if (Number.isNaN(whole)) return 'invalid';
  const time = whole + Number(`0.${fraction}`) * 1000;
  return time === ZERO_TIME ? 'unset' : time;
}

// Date.parse makes 2 March of 30 February; Go refuses it.
function isCalendarDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
