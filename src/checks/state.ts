import type { ResultOrigin } from './result-sink.ts';
import type { CheckResult, CheckOutcome } from './result.ts';

/** Stands for one file read once, from somewhere to its end. */
export type Reading = symbol;

/** Where a result comes from, as far as that is known. */
export interface ResultSource {
  readonly reading?: Reading;
  readonly origin?: ResultOrigin | undefined;
}

/** What is known of one check: its last result, and what Sensu's server would know of those before. */
export interface CheckState {
  readonly result: CheckResult;
  /** Where the result was read, if that is known. */
  readonly reading: Reading | undefined;
  /** Who made the result; undefined: a log does not tell. */
  readonly origin: ResultOrigin | undefined;
  /** When the check ran, in milliseconds of the clock that nobody sets: setting the other one makes no check silent. */
  readonly ranAt: number;
  /** The statuses of the last 21 results, the newest last. */
  readonly history: readonly number[];
  readonly occurrences: number;
  readonly occurrencesWatermark: number;
  /** When the last OK result was executed; undefined if none is known. */
  readonly lastOk: number | undefined;
  /** When the result was executed that changed the status. */
  readonly lastStateChange: number;
  /** The last result that was not OK, which may be the last of all. */
  readonly lastNonOk: CheckOutcome | undefined;
}

/** A state without what holds for one process only. */
export type RestoredState = Omit<CheckState, 'reading' | 'ranAt'>;

// sensu server/process.rb: store_check_result.
const HISTORY_LENGTH = 21;

/** The state after one more result. */
export function nextState(
  previous: CheckState | undefined,
  result: CheckResult,
  { ranAt, reading, origin }: Pick<CheckState, 'ranAt' | 'reading' | 'origin'>,
): CheckState {
  const { status, executed, output } = result;
  const changed = previous?.result.status !== status;
  return {
    result,
    reading,
    ranAt,
    origin,
    history: [...(previous?.history ?? []), status].slice(-HISTORY_LENGTH),
    ...countOccurrences(previous, status),
    lastOk: status === 0 ? executed : previous?.lastOk,
    lastStateChange: changed ? executed : previous.lastStateChange,
    lastNonOk: status === 0 ? previous?.lastNonOk : { status, executed, output },
  };
}

type Occurrences = Pick<CheckState, 'occurrences' | 'occurrencesWatermark'>;

// sensu server/process.rb, create_event: every change of the status starts anew, a resolve keeps the count, and the watermark lives
// as long as the event.
function countOccurrences(previous: CheckState | undefined, status: number): Occurrences {
  const before = previous?.result.status ?? 0;
  const { occurrences, occurrencesWatermark } = previous ?? { occurrences: 1, occurrencesWatermark: 1 };
  if (status === 0) return { occurrences, occurrencesWatermark };
  if (before === 0) return { occurrences: 1, occurrencesWatermark: 1 };
  if (before !== status) return { occurrences: 1, occurrencesWatermark };
  return {
    occurrences: occurrences + 1,
    occurrencesWatermark: Math.max(occurrencesWatermark, occurrences + 1),
  };
}
