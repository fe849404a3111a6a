import { createHash } from 'node:crypto';
import { rawText, wholeOutput } from '../../checks/output.ts';
import type { CheckResult, JsonRecord } from '../../checks/result.ts';
import type { CheckState } from '../../checks/state.ts';

/** A check of some client as memory holds it: all but the texts, which are on disk. Never changed. */
export interface CheckEntry {
  /** The client to which the result belongs: Sensu's `source`, else the node. */
  readonly owner: string;
  readonly name: string;
  /** Of the series: who pushed it, and as what. */
  readonly instance: string;
  readonly job: string;
  /** When it came, in milliseconds since the epoch. */
  readonly received: number;
  readonly state: CheckState;
  /** Of the output: tells a result that was sent again from another one. */
  readonly digest: string;
}

/** What is known of a client. Never changed. */
export interface ClientEntry {
  readonly name: string;
  readonly attributes: JsonRecord;
  readonly instance: string;
  readonly job: string;
  readonly received: number;
  /** How far its clock is from ours, in seconds. */
  readonly clockError: number | undefined;
  /** Results that wait with it, and results that it had to drop. */
  readonly spooled: number;
  readonly dropped: number;
  /** Checks that it says it runs, with what it says of them. */
  readonly defined: Readonly<Record<string, JsonRecord>>;
  /** When a run of a check was left out because it is subdued, in seconds since the epoch. */
  readonly subdued: Readonly<Record<string, number>>;
}

const NO_TEXT = wholeOutput(Buffer.alloc(0));

/** What tells a check from all others. Neither part has spaces. */
export function checkKey(owner: string, name: string): string {
  return `${owner} ${name}`;
}

export function digestOf({ output }: CheckResult): string {
  return createHash('sha256').update(rawText(output)).digest('base64url').slice(0, 22);
}

/** A state without its texts, and with those attributes only by which it is judged. */
export function withoutTexts(state: CheckState): CheckState {
  const { interval, cron, ttl, ttl_status, handle, command, duration } = state.result.attributes;
  const attributes = {
    ...{ interval, cron, ttl, ttl_status, handle, duration },
    command: command === undefined ? undefined : '',
  };
  return {
    ...state,
    result: { ...state.result, output: NO_TEXT, attributes },
    lastNonOk: state.lastNonOk && { ...state.lastNonOk, output: NO_TEXT },
  };
}
