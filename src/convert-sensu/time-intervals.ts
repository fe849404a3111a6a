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

type Interval = TimeInterval['time_intervals'][number];

/** A check's subdue in Alertmanager's words. */
export interface ConvertedSubdue {
  /** Undefined if its times cannot be said, or none are left. */
  readonly interval: TimeInterval | undefined;
  /** What is not in the interval, and what to do instead. */
  readonly unconverted: readonly string[];
}

/** Converts a check's subdue to a time interval of that name. */
export function toTimeInterval(name: string, subdue: NonNullable<Check['subdue']>): ConvertedSubdue {
  const windows = Object.entries(subdue.days).flatMap(([day, ofDay]) =>
    ofDay.map((window) => toInterval(day, window)),
  );
  if (windows.includes('offset')) {
    return {
      interval: undefined,
      unconverted: ['its times have an offset; write a time interval with a location'],
    };
  }
  const intervals = windows.filter((window) => typeof window !== 'string');
  return {
    interval: intervals.length === 0 ? undefined : { name, time_intervals: intervals },
    unconverted: windows.includes('instant')
      ? ['a window that ends when it begins, or begins at 24:00, is never open in Sensu, and left out']
      : [],
  };
}

function toInterval(day: string, window: TimeWindow): Interval | 'offset' | 'instant' {
  const begin = parseTimeOfDay(window.begin);
  const end = parseTimeOfDay(window.end);
  if (begin === undefined || end === undefined || begin.offset !== end.offset) return 'offset';
  // Alertmanager knows places, not offsets.
  if (begin.offset !== undefined && begin.offset !== 0) return 'offset';
  const times = timesOf(secondsOf(begin), secondsOf(end));
  if (times === undefined) return 'instant';
  return {
    ...(day === 'all' ? {} : { weekdays: [day] }),
    times,
    location: begin.offset === 0 ? 'UTC' : 'Local',
  };
}

const DAY = 24 * 3600;

// A window over midnight is two on the same day, as Sensu looks at it: up to its end, and from its begin.
function timesOf(begin: number, end: number): Interval['times'] | undefined {
  if (begin === end || begin === DAY) return undefined;
  const parts =
    begin < end
      ? ([[begin, end]] as const)
      : ([
          [0, end],
          [begin, DAY],
        ] as const);
  // Alertmanager knows minutes, not seconds: rather too much of them than a mail within the window.
  return parts
    .map(([from, to]) => ({ start_time: clock(Math.floor(from / 60)), end_time: clock(Math.ceil(to / 60)) }))
    .filter(({ start_time, end_time }) => start_time !== end_time);
}

function secondsOf({ hour, minute, second }: TimeOfDay): number {
  return (hour * 60 + minute) * 60 + second;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
