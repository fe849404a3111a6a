import { parseTimeOfDay, type TimeOfDay } from '../sensu/time-window.ts';
import type { Check, TimeWindow } from './definitions.ts';

/** An element of Alertmanager's `time_intervals`. */
export interface TimeInterval {
  readonly name: string;
  readonly time_intervals: readonly {
    readonly weekdays?: readonly string[];
    readonly times: readonly { readonly start_time: string; readonly end_time: string }[];
    readonly location: string;
  }[];
}

/** A check's subdue as a time interval; undefined if its times cannot be said in Alertmanager's words. */
export function toTimeInterval(name: string, subdue: NonNullable<Check['subdue']>): TimeInterval | undefined {
  const intervals = Object.entries(subdue.days).flatMap(([day, windows]) =>
    windows.map((window) => toInterval(day, window)),
  );
  const converted = intervals.filter((interval) => interval !== undefined);
  return converted.length === intervals.length ? { name, time_intervals: converted } : undefined;
}

function toInterval(day: string, window: TimeWindow): TimeInterval['time_intervals'][number] | undefined {
  const begin = parseTimeOfDay(window.begin);
  const end = parseTimeOfDay(window.end);
  if (begin === undefined || end === undefined || begin.offset !== end.offset) return undefined;
  // Alertmanager knows places, not offsets.
  if (begin.offset !== undefined && begin.offset !== 0) return undefined;
  return {
    ...(day === 'all' ? {} : { weekdays: [day] }),
    times: timesOf(clock(begin), clock(end)),
    location: begin.offset === 0 ? 'UTC' : 'Local',
  };
}

// A window over midnight is two on the same day, as Sensu looks at it: up to its end, and from its begin.
function timesOf(begin: string, end: string): { start_time: string; end_time: string }[] {
  if (begin < end) return [{ start_time: begin, end_time: end }];
  return [
    { start_time: '00:00', end_time: end },
    { start_time: begin, end_time: '24:00' },
  ].filter(({ start_time, end_time }) => start_time !== end_time);
}

function clock({ hour, minute }: TimeOfDay): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
