import { shorten } from '../../checks/output.ts';
import { packOutput, unpackOutput } from '../../checks/packed-output.ts';
import type { CheckOutcome, CheckResult, SubduedRun } from '../../checks/result.ts';
import type { ProblemKind } from '../../checks/judging/problem.ts';
import type { LogPosition } from '../log/log-position.ts';
import type { RestoredState } from '../../checks/state.ts';
import { isObject } from '../../platform/json/is-object.ts';

/** What an agent remembers from one start to the next. */
export interface Remembered {
  readonly states: readonly RestoredState[];
  readonly subdued: readonly SubduedRun[];
  /** What was wrong with each check at the last judging. */
  readonly found: readonly (readonly [key: string, kinds: readonly ProblemKind[]])[];
  /** How far each log was read. */
  readonly positions: readonly LogPosition[];
}

/** Another version cannot be read. */
const VERSION = 1;

// Of one output; and of all together, whatever their number.
const MAX_OUTPUT_BYTES = 8 * 1024;
const MAX_OUTPUTS_BYTES = 8 * 1024 ** 2;

/** Writes what is to be remembered as text, with as much of the outputs as there is room for. */
export function writeRemembered(remembered: Remembered, logFiles: readonly string[]): string {
  const outputBytes = Math.min(
    MAX_OUTPUT_BYTES,
    Math.floor(MAX_OUTPUTS_BYTES / (2 * Math.max(1, remembered.states.length))),
  );
  const states = remembered.states.map((state) => ({
    ...state,
    result: { ...state.result, output: packOutput(shorten(state.result.output, outputBytes)) },
    lastNonOk: state.lastNonOk && {
      ...state.lastNonOk,
      output: packOutput(shorten(state.lastNonOk.output, outputBytes)),
    },
  }));
  return JSON.stringify({ version: VERSION, logFiles, ...remembered, states });
}

/** Reads such a text; throws an Error that says what is wrong with it. */
export function readRemembered(text: string, logFiles: readonly string[]): Remembered {
  const file: unknown = JSON.parse(text);
  if (!isObject(file)) throw new Error('it is not a JSON object');
  if (file['version'] !== VERSION)
    throw new Error(`it is of version ${String(file['version'])}, and this agent reads ${VERSION}`);
  if (JSON.stringify(file['logFiles']) !== JSON.stringify(logFiles))
    throw new Error('it is about other logs than --log.file names');
  const { states, subdued, found, positions } = file;
  if (!Array.isArray(states) || ![subdued, found, positions].every(Array.isArray))
    throw new Error('it is not the state of an agent');
  return {
    states: states.map(unpackState),
    subdued: (subdued as unknown[]).filter(isSubduedRun),
    found: (found as unknown[]).filter(isFound),
    positions: (positions as unknown[]).filter(isPosition),
  };
}

function unpackState(packed: unknown): RestoredState {
  if (!isObject(packed)) throw damaged();
  const { history, occurrences, occurrencesWatermark, lastOk, lastStateChange, lastNonOk, origin } = packed;
  if (!Array.isArray(history) || !history.every(Number.isInteger)) throw damaged();
  if (!isCount(occurrences) || !isCount(occurrencesWatermark) || !isNumber(lastStateChange)) throw damaged();
  return {
    result: unpackResult(packed['result']),
    history: history as number[],
    occurrences,
    occurrencesWatermark,
    lastOk: isNumber(lastOk) ? lastOk : undefined,
    lastStateChange,
    lastNonOk: lastNonOk === undefined ? undefined : unpackOutcome(lastNonOk),
    origin: origin === 'run' || origin === 'push' ? origin : undefined,
  };
}

function unpackResult(packed: unknown): CheckResult {
  if (!isObject(packed)) throw damaged();
  const { client, name, source, attributes, attributeBytes, leftOut } = packed;
  if (typeof client !== 'string' || typeof name !== 'string') throw damaged();
  if (!isObject(attributes) || !isCount(attributeBytes) || !isCount(leftOut)) throw damaged();
  return {
    ...unpackOutcome(packed),
    client,
    name,
    source: typeof source === 'string' ? source : undefined,
    attributes,
    attributeBytes,
    leftOut,
  };
}

function unpackOutcome(packed: unknown): CheckOutcome {
  const { status, executed, output } = isObject(packed) ? packed : {};
  if (!isNumber(status) || !isNumber(executed)) throw damaged();
  return { status, executed, output: unpackOutput(output) };
}

function isSubduedRun(value: unknown): value is SubduedRun {
  if (!isObject(value) || typeof value['name'] !== 'string') return false;
  return isNumber(value['subdued']) && ['string', 'undefined'].includes(typeof value['source']);
}

function isFound(value: unknown): value is Remembered['found'][number] {
  return Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]);
}

function isPosition(value: unknown): value is LogPosition {
  if (!isObject(value)) return false;
  const { path, inode, position, anchor } = value;
  return [path, inode, anchor].every((text) => typeof text === 'string') && isCount(position);
}

function damaged(): Error {
  return new Error('a check in it is damaged');
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
