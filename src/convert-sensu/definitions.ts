import { z } from 'zod';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import { isObject, writeJson, type JsonObject, type JsonValue } from '../sensu/json.ts';

const windowSchema = z.looseObject({ begin: z.string(), end: z.string() });

// What the loader does not check, with the defaults of Sensu and of its `occurrences` filter.
const checkSchema = z.looseObject({
  handler: z.string().optional(),
  handlers: z.array(z.string()).optional(),
  handle: z.boolean().default(true),
  interval: z.number().optional(),
  occurrences: z.number().int().min(1).default(1),
  refresh: z.number().positive().default(1800),
  subdue: z.looseObject({ days: z.record(z.string(), z.array(windowSchema)) }).optional(),
});

const handlerSchema = z.looseObject({
  type: z.string(),
  command: z.string().default(''),
  handlers: z.array(z.string()).default([]),
  severities: z.array(z.string()).optional(),
  filter: z.string().optional(),
  filters: z.array(z.string()).default([]),
});

export type Check = z.infer<typeof checkSchema>;
export type Handler = z.infer<typeof handlerSchema>;
export type TimeWindow = z.infer<typeof windowSchema>;

/** What is converted of a Sensu configuration. */
export interface SensuDefinitions {
  readonly checks: ReadonlyMap<string, Check>;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Everything else by its top-level key: the settings of handlers, filters, mutators, contacts … */
  readonly settings: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The top-level keys of what is set and is no object, such as a list of brokers under `rabbitmq`. */
  readonly otherSettings: readonly string[];
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/** Takes what is converted out of a loaded Sensu configuration. */
export function readDefinitions({ checks, settings, problems }: SensuConfiguration): SensuDefinitions {
  const unread = problems.map(({ file, check, reason }) =>
    check === undefined ? `${file}: ${reason}` : `check "${check}" (${file}): ${reason}`,
  );
  const validChecks = [...checks].map(([name, { attributes }]) => [name, attributes] as const);
  const handlers = settings.get('handlers');
  return {
    checks: parseEach('check', validChecks, checkSchema, unread),
    handlers: parseEach('handler', isObject(handlers) ? [...handlers] : [], handlerSchema, unread),
    settings: new Map(
      [...settings].flatMap(([key, value]) => (isObject(value) ? [[key, plain(value)]] : [])),
    ),
    otherSettings: [...settings]
      .filter(([, value]) => value !== null && !isObject(value))
      .map(([key]) => key),
    problems: unread,
  };
}

function parseEach<T>(
  kind: string,
  entries: readonly (readonly [string, JsonValue])[],
  schema: z.ZodType<T>,
  problems: string[],
): Map<string, T> {
  const parsed = new Map<string, T>();
  for (const [name, value] of entries) {
    const label = `${kind} "${name}"`;
    if (!isObject(value)) {
      problems.push(`${label}: must be an object`);
      continue;
    }
    const attributes = plain(value);
    const { data, error } = schema.safeParse(attributes);
    const rest = error === undefined ? data : schema.safeParse(without(attributes, error)).data;
    if (rest !== undefined) parsed.set(name, rest);
    if (error !== undefined)
      problems.push(`${label}: ${describe(error)}${rest === undefined ? '' : DEFAULT_COUNTS}`);
  }
  return parsed;
}

const DEFAULT_COUNTS = '; converted as if it were not set';

// A wrong attribute costs its default, not the alert.
function without(
  attributes: Readonly<Record<string, unknown>>,
  { issues }: z.ZodError,
): Record<string, unknown> {
  const wrong = new Set(issues.map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(attributes).filter(([attribute]) => !wrong.has(attribute)));
}

// Names the attribute; its value may be a secret.
function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

// Sensu takes null for "not set".
function plain(object: JsonObject): Record<string, unknown> {
  return JSON.parse(writeJson(object), (_, value: unknown) => value ?? undefined) as Record<string, unknown>;
}
