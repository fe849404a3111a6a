import { isObject, type JsonObject } from '../sensu/json.ts';
import { loggedBytes, shortenOutput } from './shorten-output.ts';

// In a line of the log. The output of a check is worth more than those of its hooks: so much of it stays in any case.
const KEPT_OF_OUTPUT_BYTES = 64 * 1024;

// The mark, which takes its room too.
const KEPT_OF_HOOK_BYTES = 256;

/** Takes `excess` bytes of the log's line from what a check printed, and what is lacking then from its hooks. */
export function shortenCheck(check: JsonObject, excess: number): JsonObject {
  let left = excess;
  const shorten = (object: JsonObject, least: number): JsonObject => {
    const output = object.get('output');
    if (left <= 0 || typeof output !== 'string') return object;
    const size = loggedBytes(output);
    if (size <= least) return object;
    const shorter = shortenOutput(output, Math.max(least, size - left));
    left -= size - loggedBytes(shorter);
    return new Map([...object, ['output', shorter]]);
  };
  const shortened = shorten(check, KEPT_OF_OUTPUT_BYTES);
  const hooks = check.get('hooks');
  if (!isObject(hooks)) return shortened;
  const shorterHooks = [...hooks].map(
    ([key, hook]) => [key, isObject(hook) ? shorten(hook, KEPT_OF_HOOK_BYTES) : hook] as const,
  );
  return new Map([...shortened, ['hooks', new Map(shorterHooks)]]);
}
