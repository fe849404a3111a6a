import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readFailure } from '../file/read-failure.ts';
import { ConfigError, formatProblem, type ConfigProblem } from './config-error.ts';
import type { Finding, KeyPath } from './finding.ts';
import { fileProblems, resolveFiles } from './named-files.ts';
import { schemaProblems } from './schema-problems.ts';
import { schemaSentence } from './schema-sentence.ts';
import { tlsProblems } from './tls-material.ts';
import { parseYaml } from './yaml-document.ts';

interface LoadOptions<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** What to do about a key that the schema does not know; undefined if there is nothing special to say. */
  readonly explainKey?: (key: string, block: KeyPath) => string | undefined;
  /** Writes out what stands for more, before anything is checked. */
  readonly expand?: (content: unknown) => ExpandedContent;
  /** What is valid but probably a mistake. */
  readonly hintsFor?: (config: z.output<Schema>) => readonly Finding[];
}

/** A content that was written out, and where in the file a part of it comes from. */
export interface ExpandedContent {
  readonly content: unknown;
  readonly originOf: (path: KeyPath) => KeyPath;
}

export interface LoadedFile<Config> {
  readonly config: Config;
  /** What is valid but probably a mistake. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads a YAML file and checks it against a schema. The files that it names start at its folder and must be readable.
 * Throws a ConfigError with everything that is wrong, in the order of the file.
 */
export async function loadConfigFile<Schema extends z.ZodType>(
  file: string,
  { schema, explainKey = () => undefined, expand = unchanged, hintsFor = () => [] }: LoadOptions<Schema>,
): Promise<LoadedFile<z.output<Schema>>> {
  const document = parseYaml(await readText(file));
  const { content: written, originOf } = expand(document.content);
  const toProblem = ({ path, sentence }: Finding): ConfigProblem => ({
    file,
    ...document.positionOf(originOf(path)),
    key: z.core.toDotPath(originOf(path)),
    sentence,
  });
  const syntaxProblems = document.problems.map((problem) => ({ file, key: '', ...problem }));
  if (document.content === undefined) throw new ConfigError(inFileOrder(syntaxProblems));

  const { content, files } = resolveFiles(written, dirname(file));
  const parsed = schema.safeParse(content, { error: schemaSentence });
  const findings = [
    ...schemaProblems(parsed.error?.issues ?? [], { schema, explainKey }),
    ...(await fileProblems(files)),
    ...(await tlsProblems(content)),
  ];
  const problems = [...syntaxProblems, ...findings.map(toProblem)];
  if (!parsed.success || problems.length > 0) throw new ConfigError(inFileOrder(problems));
  return { config: parsed.data, warnings: inFileOrder(hintsFor(parsed.data).map(toProblem)) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError([{ file, key: '', sentence: `cannot be read: ${readFailure(error)}` }]);
  }
}

function unchanged(content: unknown): ExpandedContent {
  return { content, originOf: (path) => path };
}

// One line of the file may stand for two parts of the content, with the same mistake.
function inFileOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const different = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...different.values()].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
