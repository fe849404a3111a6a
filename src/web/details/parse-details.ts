import type { RE2JS } from 're2js';
import { sanitise } from '../../platform/text/sanitise.ts';
import { isObject } from '../../platform/json/is-object.ts';

/** What an agent says of one check. Times in milliseconds since 1970. */
export interface CheckDetail {
  readonly name: string;
  /** The device that the check is about; empty for the node itself. */
  readonly device: string;
  /** Undefined: it never ran, or the agent does not know. */
  readonly status: number | undefined;
  readonly output: string;
  readonly executed: number | undefined;
  /** Seconds. */
  readonly duration: number | undefined;
  /** Seconds. */
  readonly interval: number | undefined;
  readonly command: string;
  readonly occurrences: number | undefined;
  /** The last statuses, oldest first. */
  readonly history: readonly number[];
  readonly lastNonOk:
    { readonly status: number; readonly executed: number; readonly output: string } | undefined;
}

/** One output in full; the agent is asked for less. */
const MAX_OUTPUT = 64 * 1024;

/** The checks in the answer of an agent, to a question for all or for one; undefined if it is not such an answer. */
export function parseDetails(body: Buffer, redact: readonly RE2JS[]): CheckDetail[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  if (!isObject(answer)) return undefined;
  const documents = Array.isArray(answer['checks']) ? (answer['checks'] as unknown[]) : [answer];
  const checks = documents.flatMap((document) => parseDocument(document, redact) ?? []);
  return checks.length === 0 && documents.length > 0 ? undefined : checks;
}

function parseDocument(document: unknown, redact: readonly RE2JS[]): CheckDetail | undefined {
  if (!isObject(document) || !isObject(document['check'])) return undefined;
  const { check } = document;
  const { name, history } = check;
  if (typeof name !== 'string') return undefined;
  const clean = (value: unknown): string =>
    typeof value === 'string' ? sanitise(value, { redact, maxBytes: MAX_OUTPUT }) : '';
  const executed = numberOf(check['executed']);
  const last = document['last_non_ok'];
  return {
    name,
    device: typeof check['source'] === 'string' ? check['source'] : '',
    status: numberOf(check['status']),
    output: clean(check['output']),
    executed: executed === undefined ? undefined : executed * 1000,
    duration: numberOf(check['duration']),
    interval: numberOf(check['interval']),
    command: clean(check['command']),
    occurrences: numberOf(check['occurrences']),
    history: Array.isArray(history) ? history.map(Number).filter(Number.isFinite) : [],
    lastNonOk: isObject(last)
      ? {
          status: numberOf(last['status']) ?? 3,
          executed: (numberOf(last['executed']) ?? 0) * 1000,
          output: clean(last['output']),
        }
      : undefined,
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
