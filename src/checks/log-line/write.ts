import { formatOffset, localOffset } from '../../platform/time/utc-offset.ts';
import { encodeText } from '../../sensu/bytes-as-text.ts';
import { writeJson, type JsonObject } from '../../sensu/json.ts';

export interface LogEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly fields: JsonObject;
  /** Minutes east of UTC; the machine's time zone unless given. */
  readonly utcOffset?: number;
}

/** A line of sensu-client's log (sensu-logger stream.rb), byte for byte. */
export function formatLogLine({ at, level, message, fields, utcOffset = localOffset(at) }: LogEntry): Buffer {
  const entry = new Map([
    ['timestamp', localTimestamp(at, utcOffset)],
    ['level', level],
    ['message', message],
  ]);
  return encodeText(`${writeJson(new Map([...entry, ...fields]))}\n`);
}

// `%Y-%m-%dT%H:%M:%S.%6N%z`
function localTimestamp(at: number, offset: number): string {
  const microseconds = Math.round(at * 1000);
  const local = new Date(Math.floor(microseconds / 1000) + offset * 60_000).toISOString();
  const fraction = String(microseconds % 1_000_000).padStart(6, '0');
  return `${local.slice(0, 19)}.${fraction}${formatOffset(offset)}`;
}
