/** Seconds since the epoch as Ruby prints a Time, in the local time zone: `2023-11-15 07:13:20 +0900`; null if there is no such date. */
export function formatIssued(seconds: number): string | null {
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.getTime())) return null;
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
  // JavaScript counts westwards.
  const east = -time.getTimezoneOffset();
  const zone = twoDigits(Math.floor(Math.abs(east) / 60)) + twoDigits(Math.abs(east) % 60);
  return `${date} ${clock} ${east < 0 ? '-' : '+'}${zone}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
