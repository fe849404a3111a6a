import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { schemaSentence } from '../../platform/schema-sentence.ts';
import { whyUnreadable } from '../../platform/why-unreadable.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { Finding } from './finding.ts';
import { hintsFor } from './hints.ts';
import { fileProblems, resolveFiles } from './named-files.ts';
import { schemaProblems } from './schema-problems.ts';
import { configSchema, type Config } from './schema.ts';
import { parseYaml } from './yaml-document.ts';

interface LoadedConfig {
  readonly config: Config;
  /** What is valid but hardly meant. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads and checks a configuration file. The files that it names start at its folder and must be readable.
 * Throws a ConfigError with everything that is wrong, in the order of the file.
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const document = parseYaml(await readText(file));
  const toProblem = ({ path, sentence }: Finding): ConfigProblem => ({
    file,
    ...document.positionOf(path),
    key: z.core.toDotPath(path),
    sentence,
  });
  const syntaxProblems = document.problems.map((problem) => ({ file, key: '', ...problem }));
  if (document.content === undefined) throw new ConfigError(inFileOrder(syntaxProblems));

  const { content, files } = resolveFiles(document.content, dirname(file));
  const parsed = configSchema.safeParse(content, { error: schemaSentence });
  const findings = [...schemaProblems(parsed.error?.issues ?? []), ...(await fileProblems(files))];
  const problems = [...syntaxProblems, ...findings.map(toProblem)];
  if (!parsed.success || problems.length > 0) throw new ConfigError(inFileOrder(problems));
  return { config: parsed.data, warnings: inFileOrder(hintsFor(parsed.data).map(toProblem)) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError([{ file, key: '', sentence: `cannot be read: ${whyUnreadable(error)}` }]);
  }
}

function inFileOrder<P extends Pick<ConfigProblem, 'line'>>(problems: readonly P[]): P[] {
  return problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
