import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readFailure } from '../file/read-failure.ts';
import type { Finding, KeyPath } from './finding.ts';
import { httpClientKeys } from './http-client-schema.ts';

interface NamedFile {
  readonly path: KeyPath;
  readonly file: string;
}

interface ContentWithFiles {
  readonly content: unknown;
  readonly files: readonly NamedFile[];
}

/** Lets the files that a configuration names start at its folder. Takes the content as it is, mistakes and all. */
export function resolveFiles(content: unknown, folder: string): ContentWithFiles {
  const files: NamedFile[] = [];
  const resolved = mapTexts(content, [], (text, path) => {
    if (text === '' || !namesFile(path)) return text;
    const file = resolve(folder, text);
    files.push({ path, file });
    return file;
  });
  return { content: resolved, files };
}

/** What is wrong with these files. */
export async function fileProblems(files: readonly NamedFile[]): Promise<Finding[]> {
  const findings = files.map(async ({ path, file }): Promise<Finding[]> => {
    const sentence = await fileProblem(file);
    return sentence === undefined ? [] : [{ path, sentence }];
  });
  return (await Promise.all(findings)).flat();
}

async function fileProblem(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK);
    return (await stat(file)).isFile() ? undefined : `cannot read ${file}: not a file`;
  } catch (error) {
    return `cannot read ${file}: ${readFailure(error)}`;
  }
}

// Such as sources[0].basic_auth.password_file and sources[0].http_headers.X-Token.files[0].
function namesFile(path: KeyPath): boolean {
  if (path.at(-2) === 'files') return path.at(-4) === 'http_headers';
  const block = path.at(-2);
  return String(path.at(-1)).endsWith('_file') && block !== undefined && Object.hasOwn(httpClientKeys, block);
}

function mapTexts(value: unknown, path: KeyPath, change: (text: string, path: KeyPath) => string): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, [...path, index], change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, mapTexts(item, [...path, key], change)]);
  return Object.fromEntries(entries) as unknown;
}
