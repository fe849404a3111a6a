/**
 * Seconds since the epoch as Ruby prints a Time: `2023-11-15 07:13:20 +0900`; null if there is no such date.
 * `offset`: minutes east of Greenwich, by default those of the local time zone at that time.
 */
export function formatIssued(seconds: number, offset = localOffset(seconds)): string | null {
  const shifted = new Date((seconds + offset * 60) * 1000);
  if (Number.isNaN(shifted.getTime())) return null;
  const [date = '', time = ''] = shifted.toISOString().split(/[T.]/);
  const minutes = Math.abs(offset);
  const zone = twoDigits(Math.floor(minutes / 60)) + twoDigits(minutes % 60);
  return `${date} ${time} ${offset < 0 ? '-' : '+'}${zone}`;
}

// JavaScript counts westwards.
function localOffset(seconds: number): number {
  return -new Date(seconds * 1000).getTimezoneOffset();
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
