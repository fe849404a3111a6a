import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Finding, KeyPath } from './finding.ts';
import { configSchema } from './schema.ts';
import { unsupportedKey } from './unsupported-keys.ts';

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a whole number',
  object: 'a block of keys',
  record: 'a block of keys',
  string: 'text; put quotes around it if it looks like something else',
};

/** What zod found, one problem per key, in sentences. Values are not repeated: they may be secrets. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[]): Finding[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: issue.message }];
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({ path: [...issue.path, key], sentence: unknownKey(key, known) }));
  });
}

/** The sentence for an issue whose schema has none of its own; for zod's `error` option. */
export function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : `must be one of ${issue.values.join(', ')}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      return issue.origin === 'array' ? 'must have at least one entry' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    // Each schema with one of these brings its own sentence.
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return undefined;
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const unsupported = unsupportedKey(key);
  if (unsupported !== undefined) return unsupported;
  const meant = closest(key, known);
  return distance(key, meant) <= 2 ? `unknown key; did you mean ${meant}?` : 'unknown key';
}

/** The keys that the block at this path may have. */
function knownKeys(path: KeyPath): string[] {
  let schema = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  for (const key of path) {
    schema = schema.items ?? schema.properties?.[String(key)] ?? schema.additionalProperties ?? {};
  }
  return Object.keys(schema.properties ?? {});
}

/** As much of JSON Schema as this schema uses. */
interface JsonSchema {
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
}
