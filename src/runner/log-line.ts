import { encodeText } from '../sensu/bytes-as-text.ts';
import { writeJson, type JsonObject } from '../sensu/json.ts';

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
export function formatLogLine({ at, level, message, fields, utcOffset }: LogEntry): Buffer {
  const offset = utcOffset ?? -new Date(at).getTimezoneOffset();
  const entry = new Map([
    ['timestamp', localTimestamp(at, offset)],
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
  const minutes = Math.abs(offset);
  const zone = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join('');
  return `${local.slice(0, 19)}.${fraction}${offset < 0 ? '-' : '+'}${zone}`;
}
