// The rules of sensu-settings 10.17 (validators/check.rb) for what a client runs, in its words.
import { nextCronRun } from './cron.ts';
import { isArray, isInteger, isNumber, isObject, type JsonObject, type JsonValue } from './json.ts';

type Rule = (check: JsonObject, name: string) => string | undefined;

const NAME = /^[\w.-]+$/;
const SOURCE = /^[\w.-]*(:::[\w|.-]+:::[\w.-]*|[\w.-]+)$/;
const AGGREGATE = /^[\w.:|-]+$/;
const HOOK = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d|ok|warning|critical|unknown|non-zero)$/;

const nameRule: Rule = (_, name) =>
  NAME.test(name) ? undefined : 'check name cannot contain spaces or special characters';

/** Rules for results too, which programs push to the client's sockets. */
const RESULT_RULES: readonly Rule[] = [
  ifSet('handler', isString, 'check handler must be a string'),
  ifSet('handlers', isArray, 'check handlers must be an array'),
  ifSet('handlers', areStrings, 'check handlers must each be a string'),
  ifSet('source', matches(SOURCE), 'check source cannot contain spaces or special characters'),
  ifSet('ttl', isPositiveInteger, 'check ttl must be an integer greater than 0'),
  ifSet('ttl_status', isInteger, 'check ttl_status must be an integer'),
  ifSet('aggregates', areStrings, 'check aggregates must be an array of strings'),
  ifSet(
    'aggregate',
    isAggregate,
    'check aggregate must be a boolean, or a string without special characters',
  ),
  flapRule,
  ifSet('truncate_output', isBoolean, 'check truncate_output must be boolean'),
  ifSet(
    'truncate_output_length',
    isPositiveInteger,
    'check truncate_output_length must be an integer greater than 0',
  ),
];

const DEFINITION_RULES: readonly Rule[] = [
  nameRule,
  ifSet('name', matches(NAME), 'check name cannot contain spaces or special characters'),
  supportedRule,
  (check) => (isString(check.get('command')) ? undefined : 'check command must be a string'),
  ifSet('timeout', isNumber, 'check timeout must be a number'),
  ifSet('stdin', isBoolean, 'check stdin must be boolean'),
  ifSet('publish', isBoolean, 'check publish must be boolean'),
  ifSet('standalone', isBoolean, 'check standalone must be boolean'),
  timingRule,
  subscribersRule,
  ...RESULT_RULES,
  hooksRule,
];

/** Everything wrong with a check definition, a sentence each. */
export function checkProblems(name: string, definition: JsonObject): string[] {
  return DEFINITION_RULES.map((rule) => rule(definition, name)).filter((problem) => problem !== undefined);
}

/** The first thing wrong with a pushed result (client/validators/check.rb); undefined if it is valid. */
export function resultProblem(result: JsonObject): string | undefined {
  if (!isString(result.get('output'))) return 'check output must be a string';
  if (!isInteger(result.get('status'))) return 'check status must be an integer';
  if (!isInteger(result.get('executed'))) return 'check executed timestamp must be an integer';
  const name = result.get('name');
  if (!isString(name)) return 'check name must be a string';
  for (const rule of [nameRule, ...RESULT_RULES]) {
    const problem = rule(result, name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function supportedRule(check: JsonObject): string | undefined {
  if (isSet(check.get('extension')))
    return 'check extension is not supported: it runs inside Sensu; use a command';
  if (isSet(check.get('proxy_requests'))) {
    return 'check proxy_requests is not supported: it needs a Sensu server; define a check with "source" for each';
  }
  return undefined;
}

function timingRule(check: JsonObject): string | undefined {
  const cron = check.get('cron');
  if (isSet(cron)) {
    if (!isString(cron)) return 'check cron must be a string';
    return nextCronRun(cron, Date.now()) === undefined
      ? `check cron must be 5 fields that match some date, not "${cron}"`
      : undefined;
  }
  if (check.get('publish') === false || isPositiveInteger(check.get('interval'))) return undefined;
  return 'check interval must be an integer greater than 0';
}

function subscribersRule(check: JsonObject): string | undefined {
  if (check.get('standalone') === true || areStrings(check.get('subscribers'))) return undefined;
  return 'check subscribers must be an array of strings, unless "standalone" is true';
}

function flapRule(check: JsonObject): string | undefined {
  const thresholds = ['low_flap_threshold', 'high_flap_threshold'].map((key) => check.get(key));
  return thresholds.every(isInteger) || !thresholds.some(isSet)
    ? undefined
    : 'check low_flap_threshold and high_flap_threshold must both be integers';
}

function hooksRule(check: JsonObject): string | undefined {
  const hooks = check.get('hooks');
  if (!isSet(hooks)) return undefined;
  if (!isObject(hooks)) return 'check hooks must be an object';
  for (const [key, hook] of hooks) {
    if (!HOOK.test(key))
      return `check hook "${key}" must be 0 to 255, ok, warning, critical, unknown or non-zero`;
    if (!isObject(hook)) return `check hook "${key}" must be an object`;
    if (!isString(hook.get('command'))) return `check hook "${key}" command must be a string`;
    if (isSet(hook.get('timeout')) && !isNumber(hook.get('timeout')))
      return `check hook "${key}" timeout must be a number`;
    if (isSet(hook.get('stdin')) && !isBoolean(hook.get('stdin')))
      return `check hook "${key}" stdin must be boolean`;
  }
  return undefined;
}

function ifSet(key: string, test: (value: JsonValue | undefined) => boolean, problem: string): Rule {
  return (check) => (!isSet(check.get(key)) || test(check.get(key)) ? undefined : problem);
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function isString(value: JsonValue | undefined): value is string {
  return typeof value === 'string';
}

function isBoolean(value: JsonValue | undefined): boolean {
  return typeof value === 'boolean';
}

function isPositiveInteger(value: JsonValue | undefined): boolean {
  return isInteger(value) && value.value > 0 && Number.isSafeInteger(value.value);
}

function areStrings(value: JsonValue | undefined): boolean {
  return isArray(value) && value.every((item) => isString(item) && item !== '');
}

function isAggregate(value: JsonValue | undefined): boolean {
  return isBoolean(value) || matches(AGGREGATE)(value);
}

function matches(pattern: RegExp): (value: JsonValue | undefined) => boolean {
  return (value) => isString(value) && pattern.test(value);
}
