import type { CheckOutput } from './output.ts';

/** A JSON object as `JSON.parse` reads it. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** One run of one check, as the log tells it. */
export interface CheckResult {
  /** The node that ran the check; empty if the line does not say. */
  readonly client: string;
  readonly name: string;
  /** The Sensu proxy client that the result is about, if not the node. */
  readonly source: string | undefined;
  /** The raw exit status or signal number. */
  readonly status: number;
  /** Start of the run, in seconds since the epoch; not after the line was written. */
  readonly executed: number;
  readonly output: CheckOutput;
  /** All keys of the line's `check`, in their order; `output` is empty. */
  readonly attributes: JsonRecord;
  /** Their size, as JSON. */
  readonly attributeBytes: number;
  /** How many of the line's keys are not among them, because all were too large together. */
  readonly leftOut: number;
}

/** A run that was left out because the check is subdued, as the log tells it. */
export interface SubduedRun {
  readonly name: string;
  /** As the definition has it: it may hold a token. */
  readonly source: string | undefined;
  /** When it was left out, in seconds since the epoch. */
  readonly subdued: number;
}

/** What is remembered of an older run. */
export type CheckOutcome = Pick<CheckResult, 'status' | 'executed' | 'output'>;

/** The client to which Sensu books a result: the proxy client, or the node that ran the check. */
export function ownerOf(result: CheckResult): string {
  return result.source ?? result.client;
}

// The text with which sensu-client replaces the output of a command that it had to kill (client/process.rb).
const TIMED_OUT = Buffer.from('Execution timed out');

/** Whether the check was ended by its timeout. */
export function isTimedOut({ status, output }: CheckOutcome): boolean {
  return status === 2 && output.head.subarray(0, TIMED_OUT.length).equals(TIMED_OUT);
}
