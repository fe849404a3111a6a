import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Finding, KeyPath } from './finding.ts';

interface SchemaProblemsOptions {
  readonly schema: z.ZodType;
  /** What to do about a key that the schema does not know; undefined if there is nothing special to say. */
  readonly explainKey: (key: string, block: KeyPath) => string | undefined;
}

/** What zod found, one problem per key, in sentences. Values are not repeated: they may be secrets. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  { schema, explainKey }: SchemaProblemsOptions,
): Finding[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: issue.message }];
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      sentence:
        explainKey(key, issue.path) ??
        camelKey(key, known) ??
        explainKey(snakeCase(key), issue.path) ??
        unknownKey(key, known),
    }));
  });
}

// The custom resources of the Prometheus operator and of OpenShift write the same keys so.
function camelKey(key: string, known: readonly string[]): string | undefined {
  const meant = snakeCase(key);
  if (meant === key || !known.includes(meant)) return undefined;
  return `is how the Prometheus operator and OpenShift write it; here it is ${meant}`;
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  return distance(key, meant) <= 2 ? `unknown key; did you mean ${meant}?` : 'unknown key';
}

/** The keys that the block at this path may have. */
function knownKeys(root: z.ZodType, path: KeyPath): string[] {
  let schema = z.toJSONSchema(root, { io: 'input' }) as JsonSchema;
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
