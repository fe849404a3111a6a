import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../platform/file/is-missing.ts';
import { describeError } from '../platform/log/log.ts';
import { decodeText } from './bytes-as-text.ts';
import { isObject, parseJson, type JsonObject, type JsonValue, type ParsedJson } from './json.ts';

export type ConfigFile =
  | { readonly ok: true; readonly path: string; readonly content: JsonObject }
  /** A file, or a directory with all that may be below it. */
  | { readonly ok: false; readonly path: string; readonly reason: string };

/**
 * Reads `config.json` beside each directory and every `*.json` below it. Links to directories are followed, each
 * directory once. Sensu leaves the order to the file system; here it is by name, the files of a directory before those below.
 */
export async function readConfigFiles(directories: readonly string[]): Promise<ConfigFile[]> {
  const beside = new Set(directories.map((directory) => join(dirname(directory), 'config.json')));
  const files = await Promise.all([...beside].map(readIfExists));
  const seen = new Set<string>();
  for (const directory of directories) files.push(...(await readDirectory(directory, seen)));
  return files.filter((file) => file !== undefined);
}

async function readDirectory(directory: string, seen: Set<string>): Promise<ConfigFile[]> {
  try {
    const real = await realpath(directory);
    if (seen.has(real)) return [];
    seen.add(real);
    const names = (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
    const result: ConfigFile[] = [];
    const below: string[] = [];
    for (const name of names) {
      const path = join(directory, name);
      if (await mayBeDirectory(path)) below.push(path);
      else if (name.endsWith('.json')) result.push(await readConfigFile(path));
    }
    for (const path of below) result.push(...(await readDirectory(path, seen)));
    return result;
  } catch (error) {
    return [{ ok: false, path: directory, reason: `cannot be read: ${describeError(error)}` }];
  }
}

// What cannot be looked at, such as a link to a file system that is not mounted, may be one: reading it says what is wrong.
async function mayBeDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return !path.endsWith('.json') && (await exists(path));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false; // Removed since the directory was listed.
  }
}

async function readIfExists(path: string): Promise<ConfigFile | undefined> {
  const file = await readConfigFile(path);
  return file.ok || !(await isMissing(path)) ? file : undefined;
}

async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    if (!(await stat(path)).isFile()) return { ok: false, path, reason: 'is not a regular file' };
    const text = decodeText(await readFile(path));
    const parsed = text.trim() === '' ? parseJson('{}') : parseJson(text);
    // Several of them in one file are no JSON.
    if (isSensuGo(text, parsed))
      return {
        ok: false,
        path,
        reason: `holds resources of Sensu Go, and only Sensu Core's definitions are read`,
      };
    if (!parsed.ok) return { ok: false, path, reason: `is not valid JSON: ${parsed.reason}` };
    return checkShape(path, parsed.value);
  } catch (error) {
    return { ok: false, path, reason: `cannot be read: ${describeError(error)}` };
  }
}

// What `sensuctl dump` writes.
const SENSU_GO = /"api_version"\s*:\s*"[\w.-]+\/v\d/;

// Before it had a version, a resource was a type and its spec.
function isSensuGo(text: string, parsed: ParsedJson): boolean {
  if (!parsed.ok || !isObject(parsed.value)) return SENSU_GO.test(text);
  const content = parsed.value;
  const isResource = typeof content.get('type') === 'string' && isObject(content.get('spec'));
  const hasSensuCore = ['checks', 'client', 'handlers'].some((key) => content.has(key));
  return (isResource || SENSU_GO.test(text)) && !hasSensuCore;
}

// Merging would let a wrong shape here take the place of every other file's checks.
function checkShape(path: string, content: JsonValue): ConfigFile {
  if (!isObject(content)) return { ok: false, path, reason: 'must hold a JSON object' };
  const wrong = ['client', 'checks'].find((key) => content.has(key) && !isObject(content.get(key)));
  return wrong === undefined
    ? { ok: true, path, content }
    : { ok: false, path, reason: `"${wrong}" must be an object` };
}
