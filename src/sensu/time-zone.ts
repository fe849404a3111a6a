// RFC 822 names, as Ruby's Time.parse reads them (lib/time.rb, ZoneOffset), in hours east of UTC.
const RFC_822: Readonly<Record<string, number>> = {
  ...{ UTC: 0, Z: 0, UT: 0, GMT: 0 },
  ...{ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 },
};

// Names of zones that people live in (tz database, the abbreviations of its rules), in hours east of UTC.
const LOCAL: Readonly<Record<string, number>> = {
  ...{
    WET: 0,
    WEST: 1,
    BST: 1,
    IST: 5.5,
    CET: 1,
    CEST: 2,
    EET: 2,
    EEST: 3,
    MSK: 3,
    SAST: 2,
    WAT: 1,
    CAT: 2,
    EAT: 3,
  },
  ...{
    PKT: 5,
    WIB: 7,
    WITA: 8,
    WIT: 9,
    HKT: 8,
    PHT: 8,
    SGT: 8,
    JST: 9,
    KST: 9,
    AWST: 8,
    ACST: 9.5,
    ACDT: 10.5,
  },
  ...{
    AEST: 10,
    AEDT: 11,
    NZST: 12,
    NZDT: 13,
    HST: -10,
    AKST: -9,
    AKDT: -8,
    AST: -4,
    ADT: -3,
    NST: -3.5,
    NDT: -2.5,
  },
};

// What Ruby takes for a zone behind a time (ext/date/date_parse.c, parse_time), and the rest.
const ZONE =
  /^((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?|[a-z.\s]+(?:standard|daylight)\stime\b|[a-z]+(?:\sdst)?\b)?(.*)$/i;
// Words, or the rest of a name of the tz database; anything else with digits would be a date.
const NO_DATE = /^(?:\D*|\/?[a-z][\w+/-]*)$/i;

/**
 * The offset that the text behind a time of day means to Ruby's Time.parse: `+09:00`, a name of RFC 822, a military letter, or
 * the name of the machine's own zone in January or July. Any other name it ignores, and so local time: `local`. In minutes
 * east of UTC; undefined if there is a date in it.
 */
export function parseZone(text: string, now: number): number | 'local' | undefined {
  const [, zone = '', rest = ''] = ZONE.exec(text) ?? [];
  return NO_DATE.test(rest) ? offsetOf(zone, now) : undefined;
}

function offsetOf(zone: string, now: number): number | 'local' {
  const numeric = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(zone);
  if (numeric !== null) {
    const [, sign, hours, minutes = '0'] = numeric;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  }
  const name = zone.toUpperCase();
  const hours = RFC_822[name] ?? militaryHours(name);
  if (hours !== undefined) return hours * 60;
  const offset = LOCAL[name];
  return offset !== undefined && ownOffsets(now).includes(offset * 60) ? offset * 60 : 'local';
}

const EAST = 'ABCDEFGHIKLM';
const WEST = 'NOPQRSTUVWXY';

// A letter of the alphabet without J, hours east of UTC up to M and west of it from N.
function militaryHours(letter: string): number | undefined {
  if (letter.length !== 1) return undefined;
  if (EAST.includes(letter)) return EAST.indexOf(letter) + 1;
  return WEST.includes(letter) ? -WEST.indexOf(letter) - 1 : undefined;
}

// Of January and July.
function ownOffsets(now: number): number[] {
  const year = new Date(now).getFullYear();
  return [0, 6].map((month) => -new Date(year, month, 1).getTimezoneOffset());
}
