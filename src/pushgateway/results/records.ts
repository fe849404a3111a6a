import type { Clock } from '../../checks/clock.ts';
import { momentOf } from '../../checks/clock.ts';
import type { CheckOutput } from '../../checks/output.ts';
import { packOutput, unpackOutput, type PackedOutput } from '../../checks/packed-output.ts';
import type { CheckOutcome, CheckResult } from '../../checks/result.ts';
import type { CheckState } from '../../checks/state.ts';
import type { StoreRecord } from '../storage/change.ts';
import { checkKey, type CheckEntry, type ClientEntry } from './check-entry.ts';

export const CHECK_PREFIX = 'check:';
export const CLIENT_PREFIX = 'client:';
const NON_OK_PREFIX = 'nonok:';

/** The records of a check's new result: the state after it, and the last result that was not OK apart, which changes less often. */
export function checkRecords(entry: CheckEntry, { lastNonOk, ...state }: CheckState): StoreRecord[] {
  const key = checkKey(entry.owner, entry.name);
  const { result } = state;
  const value = {
    ...{ owner: entry.owner, name: entry.name, instance: entry.instance, job: entry.job },
    ...{ received: entry.received, digest: entry.digest },
    state: { ...state, reading: undefined, result: { ...result, output: packOutput(result.output) } },
    lastNonOk: lastNonOk && { status: lastNonOk.status, executed: lastNonOk.executed },
  };
  const records: StoreRecord[] = [{ type: 'put', key: CHECK_PREFIX + key, value: JSON.stringify(value) }];
  if (result.status !== 0) {
    records.push({ type: 'put', key: NON_OK_PREFIX + key, value: JSON.stringify(packOutput(result.output)) });
  }
  return records;
}

export function checkRemovals({ owner, name }: CheckEntry): StoreRecord[] {
  const key = checkKey(owner, name);
  return [CHECK_PREFIX, NON_OK_PREFIX].map((prefix) => ({ type: 'del', key: prefix + key }));
}

export function clientRecord(name: string, client: ClientEntry | undefined): StoreRecord {
  const key = CLIENT_PREFIX + name;
  return client === undefined ? { type: 'del', key } : { type: 'put', key, value: JSON.stringify(client) };
}

/** Reads what checkRecords wrote, with the texts; undefined if it is something else. */
export function readCheck(value: string, clock: Clock): CheckEntry | undefined {
  try {
    const { state, lastNonOk, ...entry } = JSON.parse(value) as PackedCheck;
    const result: CheckResult = { ...state.result, output: unpackOutput(state.result.output) };
    const nonOk = lastNonOk && { ...lastNonOk, output: NO_TEXT };
    const ranAt = momentOf(result.executed, clock);
    return { ...entry, state: { ...state, result, lastNonOk: nonOk, reading: undefined, ranAt } };
  } catch {
    return undefined;
  }
}

/** The whole state of a check, with the texts, as the store has it; undefined if it has none. */
export async function loadCheck(
  get: (key: string) => Promise<string | undefined>,
  { owner, name }: Pick<CheckEntry, 'owner' | 'name'>,
  clock: Clock,
): Promise<CheckEntry | undefined> {
  const key = checkKey(owner, name);
  const [value, nonOk] = await Promise.all([get(CHECK_PREFIX + key), get(NON_OK_PREFIX + key)]);
  const entry = value === undefined ? undefined : readCheck(value, clock);
  if (entry?.state.lastNonOk === undefined || nonOk === undefined) return entry;
  const output = unpackOutput(JSON.parse(nonOk));
  return { ...entry, state: { ...entry.state, lastNonOk: { ...entry.state.lastNonOk, output } } };
}

export function readClient(value: string): ClientEntry | undefined {
  try {
    return JSON.parse(value) as ClientEntry;
  } catch {
    return undefined;
  }
}

interface PackedCheck extends Omit<CheckEntry, 'state'> {
  readonly state: Omit<CheckState, 'result' | 'lastNonOk'> & {
    readonly result: Omit<CheckResult, 'output'> & { readonly output: PackedOutput };
  };
  readonly lastNonOk?: Omit<CheckOutcome, 'output'>;
}

const NO_TEXT: CheckOutput = { head: Buffer.alloc(0), tail: Buffer.alloc(0), bytes: 0 };
