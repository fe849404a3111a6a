import type { CheckDefinition } from '../sensu/check-definition.ts';
import { encodeText } from '../sensu/bytes-as-text.ts';
import {
  float,
  integer,
  isNumber,
  isObject,
  writeJson,
  type JsonObject,
  type JsonValue,
} from '../sensu/json.ts';
import { substituteTokens } from '../sensu/tokens.ts';
import type { CommandResult } from './command.ts';

const SEVERITIES = ['ok', 'warning', 'critical'];
const HOOK_TIMEOUT_SECONDS = 60;

/** Runs a command as soon as there is room; undefined: the runner is stopping. */
export type Execute = (
  command: string,
  options: { timeout: number | undefined; input: Buffer | undefined },
) => Promise<CommandResult | undefined>;

interface CheckRunOptions {
  /** The client's attributes. */
  readonly client: JsonObject;
  readonly execute: Execute;
  /** The hooks as the last run left them. */
  readonly hooks: JsonObject | undefined;
}

/** A definition as a request to run it: sensu-client adds the name and the time. */
export function requestOf({ name, attributes }: CheckDefinition, issued: number): JsonObject {
  // Attributes twice: the first fixes the order, the second wins over name and time, as in sensu-client.
  return new Map<string, JsonValue>([
    ...attributes,
    ['name', name],
    ['issued', seconds(issued)],
    ...attributes,
  ]);
}

/** The definition as sensu-client logs it when it leaves a run out: with the time of the last request, if there was one. */
export function subduedRequestOf(
  { name, attributes }: CheckDefinition,
  { issued, hooks }: { issued: number | undefined; hooks: JsonObject | undefined },
): JsonObject {
  return withEntries(attributes, {
    ...(hooks !== undefined && { hooks }),
    name,
    ...(issued !== undefined && { issued: seconds(issued) }),
  });
}

/** Runs a requested check and its hook, and returns the result that sensu-client would publish; undefined: stopped. */
export async function runCheck(
  request: JsonObject,
  options: CheckRunOptions,
): Promise<JsonObject | undefined> {
  const { attributes, unmatched } = substituteTokens(request, options.client);
  const check = new Map(attributes);
  // The command is published with its tokens, so that the values, which may be secrets, are not.
  check.set('command', request.get('command') ?? null);
  if (options.hooks !== undefined) check.set('hooks', options.hooks);
  else if (check.get('hooks') === null) check.delete('hooks');
  check.set('executed', seconds(Date.now()));
  if (unmatched.length > 0)
    return withEntries(check, { output: unmatchedText(unmatched), status: integer(3), handle: false });
  const result = await execute(attributes, check, options, timeoutOf(check));
  if (result === undefined) return undefined;
  return runHook(withEntries(check, result), options);
}

/** The hook for an exit status: by number, by severity, or `non-zero` (client/process.rb execute_check_hook). */
export function hookFor(hooks: JsonObject, status: number): string | undefined {
  const severity = SEVERITIES[status] ?? 'unknown';
  const keys = [String(status), severity, ...(status === 0 ? [] : ['non-zero'])];
  return keys.find((key) => isObject(hooks.get(key)));
}

// The result of the hook becomes part of the hook's definition in the check. A hook never runs another.
async function runHook(check: JsonObject, options: CheckRunOptions): Promise<JsonObject | undefined> {
  const hooks = check.get('hooks');
  const key = isObject(hooks) ? hookFor(hooks, numberOf(check.get('status')) ?? 0) : undefined;
  const hook = isObject(hooks) && key !== undefined ? hooks.get(key) : undefined;
  if (!isObject(hooks) || key === undefined || !isObject(hook)) return check;
  const started = withEntries(hook, { executed: seconds(Date.now()) });
  const timeout = hook.has('timeout') ? timeoutOf(hook) : HOOK_TIMEOUT_SECONDS;
  const result = await execute(hook, check, options, timeout);
  return result && withEntries(check, { hooks: withEntries(hooks, { [key]: withEntries(started, result) }) });
}

async function execute(
  definition: JsonObject,
  check: JsonObject,
  options: CheckRunOptions,
  timeout: number | undefined,
): Promise<Record<string, JsonValue> | undefined> {
  const command = definition.get('command');
  const started = performance.now();
  const wantsInput = definition.get('stdin') === true;
  const input = wantsInput
    ? encodeText(
        writeJson(
          new Map([
            ['client', options.client],
            ['check', check],
          ]),
        ),
      )
    : undefined;
  const result = await options.execute(typeof command === 'string' ? command : '', { timeout, input });
  if (result === undefined) return undefined;
  const duration = float(Number(((performance.now() - started) / 1000).toFixed(3)));
  return { duration, output: result.output, status: integer(result.status) };
}

// In seconds. 0 is none, as to Ruby's Timeout; what a negative one means there depends on the version, but hardly "never run".
function timeoutOf(definition: JsonObject): number | undefined {
  const timeout = numberOf(definition.get('timeout'));
  return timeout !== undefined && timeout > 0 ? timeout : undefined;
}

function unmatchedText(tokens: readonly string[]): string {
  return `Unmatched client token(s): ${tokens.join(', ')}`;
}

function withEntries(object: JsonObject, entries: Readonly<Record<string, JsonValue>>): JsonObject {
  return new Map([...object, ...Object.entries(entries)]);
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return isNumber(value) ? value.value : undefined;
}

function seconds(milliseconds: number): JsonValue {
  return integer(Math.floor(milliseconds / 1000));
}
