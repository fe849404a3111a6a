import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Finding, KeyPath } from './finding.ts';
import { configSchema } from './schema.ts';
import { unsupportedKey } from './unsupported-keys.ts';

/** What zod found, one problem per key, in sentences. Values are not repeated: they may be secrets. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[]): Finding[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: issue.message }];
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({ path: [...issue.path, key], sentence: unknownKey(key, known) }));
  });
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
