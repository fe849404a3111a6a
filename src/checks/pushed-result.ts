import { resultProblem } from '../sensu/check-rules.ts';
import { integer, isArray, isObject, parseJson, type JsonObject, type JsonValue } from '../sensu/json.ts';
import { decodeText } from '../sensu/bytes-as-text.ts';

/** Largest body that a program may push, in bytes. */
export const MAX_PUSHED_BYTES = 2 * 1024 * 1024;

export type Pushed =
  | { readonly outcome: 'accepted' }
  /** Not (yet) a JSON text. */
  | { readonly outcome: 'unparsable'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/** What the sockets do with what they receive. */
export interface ResultInput {
  take(body: Buffer): Pushed;
  /** Reports what was not taken in the end. */
  refuse(reason: string): void;
}

/** Publishes a result; false if it could not be written. */
type Publish = (check: JsonObject) => boolean;

/**
 * Takes one result or an array of them, as Sensu's sockets do (client/utils.rb): fills in what may be missing, checks
 * it and publishes it. The first that is invalid or cannot be written ends an array; those before it count.
 */
export function takeResults(body: Buffer, publish: Publish): Pushed {
  const parsed = parseJson(decodeText(body));
  if (!parsed.ok) return { outcome: 'unparsable', reason: parsed.reason };
  for (const result of isArray(parsed.value) ? parsed.value : [parsed.value]) {
    const problem = takeResult(result, publish);
    if (problem !== undefined) return { outcome: 'refused', reason: problem };
  }
  return { outcome: 'accepted' };
}

function takeResult(result: JsonValue, publish: Publish): string | undefined {
  if (!isObject(result)) return 'a check result must be an object';
  const now = integer(Math.floor(Date.now() / 1000));
  const check = new Map(result);
  if (isUnset(check.get('status'))) check.set('status', integer(0));
  if (isUnset(check.get('executed'))) check.set('executed', now);
  const problem = resultProblem(check);
  if (problem !== undefined) return problem;
  return publish(check.set('issued', now)) ? undefined : 'it could not be written to the log';
}

// Ruby's `||=` replaces nil and false.
function isUnset(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === false;
}
