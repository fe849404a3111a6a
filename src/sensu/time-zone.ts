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

/**
 * The offset that a zone written behind a time of day means to Ruby's Time.parse: `+09:00`, a name of RFC 822, or the
 * name of the machine's own zone in January or July. Any other name it ignores, and so local time: `local`. In minutes
 * east of UTC; undefined if it is no zone.
 */
export function parseZone(zone: string, now: number): number | 'local' | undefined {
  const numeric = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(zone);
  if (numeric !== null) {
    const [, sign, hours, minutes = '0'] = numeric;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  }
  const name = zone.toUpperCase();
  const hours = RFC_822[name];
  if (hours !== undefined) return hours * 60;
  const offset = LOCAL[name];
  if (offset === undefined) return undefined;
  return ownOffsets(now).includes(offset * 60) ? offset * 60 : 'local';
}

// Of January and July.
function ownOffsets(now: number): number[] {
  const year = new Date(now).getFullYear();
  return [0, 6].map((month) => -new Date(year, month, 1).getTimezoneOffset());
}
