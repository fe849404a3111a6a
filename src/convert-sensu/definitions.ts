import { z } from 'zod';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import { hasRawBytes } from '../sensu/bytes-as-text.ts';
import { isObject, writeJson, type JsonObject, type JsonValue } from '../sensu/json.ts';
import { parseRubyInteger } from '../sensu/ruby-integer.ts';
import type { Fact } from './fact.ts';

const windowSchema = z.looseObject({ begin: z.string(), end: z.string() });

// Prometheus and Alertmanager know no longer times than 292 years; who writes one means never, and a year is that.
const LONGEST_SECONDS = 365 * 24 * 3600;

// sensu-extensions-occurrences reads text as Ruby's Integer() does.
const integerSchema = z.preprocess(
  (value) => (typeof value === 'string' ? (parseRubyInteger(value) ?? value) : value),
  z.number().int(),
);

// What the loader does not check, with the defaults of Sensu and of its `occurrences` filter.
const checkSchema = z.looseObject({
  handler: z.string().optional(),
  handlers: z.array(z.string()).optional(),
  handle: z.boolean().default(true),
  // The loader has looked at it; beside cron it may be anything, such as false.
  interval: z.number().optional().catch(undefined),
  occurrences: integerSchema.pipe(z.number().min(1)).default(1),
  refresh: integerSchema
    .pipe(z.number().positive())
    .transform((seconds) => Math.min(seconds, LONGEST_SECONDS))
    .default(1800),
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
  /** What could not be read. */
  readonly problems: readonly Fact[];
}

/** Takes what is converted out of a loaded Sensu configuration. */
export function readDefinitions(configuration: SensuConfiguration): SensuDefinitions {
  const { settings } = configuration;
  const problems = [...problemsOf(configuration), ...notUtf8(configuration)];
  const validChecks = [...configuration.checks.values()].map(
    ({ resultName, attributes, subdue }) =>
      [resultName, new Map([...attributes, ['subdue', subdue ?? null]])] as const,
  );
  const handlers = settings.get('handlers');
  const named = isObject(handlers) ? [...handlers] : [];
  const checks = parseEach('check', validChecks, checkSchema, problems);
  return {
    checks: new Map([...checks].map(([name, check]) => [name, withinAYear(check)])),
    handlers: parseEach('handler', named, handlerSchema, problems),
    settings: new Map(
      [...settings].flatMap(([key, value]) => (isObject(value) ? [[key.toWellFormed(), plain(value)]] : [])),
    ),
    otherSettings: [...settings]
      .filter(([, value]) => value !== null && !isObject(value))
      .map(([key]) => key.toWellFormed()),
    problems,
  };
}

function problemsOf({ problems }: SensuConfiguration): Fact[] {
  return problems.map(({ file, check, reason }) => ({
    weight: 'unheard',
    subject: 'plain',
    name: check === undefined ? file : `check "${check}" (${file})`,
    text: reason,
  }));
}

function notUtf8({ files }: SensuConfiguration): Fact[] {
  return [...files]
    .filter(([, content]) => hasRawBytes(writeJson(content)))
    .map(([file]) => ({
      weight: 'different',
      subject: 'plain',
      name: file,
      text: 'is not UTF-8; what is not shows as U+FFFD, so write it again as UTF-8',
    }));
}

function withinAYear(check: Check): Check {
  const most = Math.floor(LONGEST_SECONDS / (check.interval ?? 60)) + 1;
  return { ...check, occurrences: Math.min(check.occurrences, most) };
}

function parseEach<T>(
  kind: 'check' | 'handler',
  entries: readonly (readonly [string, JsonValue])[],
  schema: z.ZodType<T>,
  problems: Fact[],
): Map<string, T> {
  const parsed = new Map<string, T>();
  for (const [key, value] of entries) {
    const name = key.toWellFormed();
    const report = (text: string): unknown => problems.push({ weight: 'unheard', subject: kind, name, text });
    if (name === '') report('must have a name');
    else if (!isObject(value)) report('must be an object');
    else {
      const attributes = plain(value);
      const { data, error } = schema.safeParse(attributes);
      const rest = error === undefined ? data : schema.safeParse(without(attributes, error)).data;
      if (rest !== undefined) parsed.set(name, rest);
      if (error !== undefined) report(`${describe(error)}${rest === undefined ? '' : DEFAULT_COUNTS}`);
    }
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

// Sensu takes null for "not set". Bytes that are not UTF-8 would make a file that neither Prometheus nor Alertmanager reads.
function plain(object: JsonObject): Record<string, unknown> {
  const text = writeJson(object).toWellFormed();
  return JSON.parse(text, (_, value: unknown) => value ?? undefined) as Record<string, unknown>;
}
