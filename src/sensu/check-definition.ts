import { checkProblems } from './check-rules.ts';
import { isArray, isNumber, isObject, type JsonObject, type JsonValue } from './json.ts';
import { timeWindowsProblem } from './time-window.ts';

/** A check as Sensu's configuration defines it. */
export interface CheckDefinition {
  readonly name: string;
  /** The name of its results: Sensu merges the definition over the request, and so its own `name` over the key. */
  readonly resultName: string;
  /** Every key of the definition, custom ones too, as written and in its order. */
  readonly attributes: JsonObject;
  readonly timing: CheckTiming;
  /** When it does not run; undefined also if that cannot be read. */
  readonly subdue: JsonObject | undefined;
}

export type CheckTiming =
  | { readonly kind: 'interval'; readonly seconds: number }
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'none' };

export type ParsedCheck =
  /** `ignored`: what of it cannot be read, and does not count. */
  | { readonly ok: true; readonly check: CheckDefinition; readonly ignored: string | undefined }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks a definition by Sensu's own rules; the problems say all that is wrong with it. */
export function parseCheck(name: string, definition: JsonValue): ParsedCheck {
  if (!isObject(definition)) return { ok: false, problems: ['check definition must be an object'] };
  const problems = checkProblems(name, definition);
  if (problems.length > 0) return { ok: false, problems };
  const subdue = definition.get('subdue') ?? undefined;
  const ownName = definition.get('name');
  const ignored = subdue === undefined ? undefined : timeWindowsProblem(subdue);
  return {
    ok: true,
    ignored,
    check: {
      name,
      resultName: typeof ownName === 'string' ? ownName : name,
      attributes: definition,
      timing: timingOf(definition),
      subdue: ignored === undefined && isObject(subdue) ? subdue : undefined,
    },
  };
}

/** Why this client does not run the check; undefined if it does. */
export function idleReason(check: CheckDefinition, subscriptions: readonly string[]): string | undefined {
  if (check.attributes.get('publish') === false) return '"publish" is false';
  if (check.timing.kind === 'none') return 'it has neither "interval" nor "cron"';
  if (check.attributes.get('standalone') === true) return undefined;
  const subscribers = check.attributes.get('subscribers');
  const isSubscribed = isArray(subscribers) && subscriptions.some((name) => subscribers.includes(name));
  return isSubscribed ? undefined : 'none of its "subscribers" is a subscription of this client';
}

// As in Sensu, "cron" wins over "interval".
function timingOf(attributes: JsonObject): CheckTiming {
  const cron = attributes.get('cron');
  if (typeof cron === 'string') return { kind: 'cron', expression: cron };
  const interval = attributes.get('interval');
  return isNumber(interval) ? { kind: 'interval', seconds: interval.value } : { kind: 'none' };
}
