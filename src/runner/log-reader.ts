import type { JsonObject } from '../sensu/json.ts';

/** A reader of the log in the same process, to be told what the log does not tell. */
export interface LogReader {
  /** The result is one that a program pushed, before its line is written: a line that was relayed looks like that of a run. */
  notePushed(result: JsonObject): void;
  /** A line that the log did not take. */
  takeLost(line: Buffer): void;
}
