import { formatOffset, localOffset } from '../../platform/time/utc-offset.ts';

/**
 * Seconds since the epoch as Ruby prints a Time: `2023-11-15 07:13:20 +0900`; null if there is no such date.
 * `offset`: minutes east of Greenwich, by default those of the local time zone at that time.
 */
export function formatIssued(seconds: number, offset = localOffset(seconds * 1000)): string | null {
  const shifted = new Date((seconds + offset * 60) * 1000);
  if (Number.isNaN(shifted.getTime())) return null;
  const [date = '', time = ''] = shifted.toISOString().split(/[T.]/);
  return `${date} ${time} ${formatOffset(offset)}`;
}
