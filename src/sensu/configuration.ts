import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { parseCheck, type CheckDefinition } from './check-definition.ts';
import { parseClient, type ParsedClient } from './client-definition.ts';
import { readConfigFiles } from './config-files.ts';
import { deepMerge } from './deep-merge.ts';
import { integer, isInteger, isObject, type JsonObject, type JsonValue } from './json.ts';

/** Everything that Sensu's files say, and all that is wrong with them. */
export interface SensuConfiguration {
  readonly client: ParsedClient;
  readonly checks: ReadonlyMap<string, CheckDefinition>;
  /** Names of checks whose definitions are broken. */
  readonly brokenChecks: ReadonlySet<string>;
  /** How many commands may run at a time. */
  readonly spawnLimit: number;
  readonly problems: readonly ConfigurationProblem[];
  /** The merged files as they stand, defaults included. */
  readonly settings: JsonObject;
  /** The content of each file: what to fall back on when it is broken the next time. */
  readonly files: ReadonlyMap<string, JsonObject>;
}

interface ConfigurationProblem {
  readonly file: string;
  /** Undefined if it is the file as a whole. */
  readonly check?: string;
  readonly reason: string;
}

interface LoadOptions {
  readonly directories: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The files of the last load; one that is broken now, or in a directory that cannot be read, counts with what it held then. */
  readonly lastFiles?: ReadonlyMap<string, JsonObject> | undefined;
}

/**
 * Loads a Sensu configuration, at each call again and one call after the other. What is broken then counts as it was
 * before.
 */
export function createConfigurationLoader(
  options: Pick<LoadOptions, 'directories' | 'env'>,
): () => Promise<SensuConfiguration> {
  let last: Promise<SensuConfiguration | undefined> = Promise.resolve(undefined);
  return function load() {
    const loaded = last.then((before) => loadConfiguration({ ...options, lastFiles: before?.files }));
    last = loaded.catch(() => undefined);
    return loaded;
  };
}

/** Loads a Sensu configuration. A broken file or definition is reported and stops only itself; a subdue that cannot be read, nothing. */
export async function loadConfiguration(options: LoadOptions): Promise<SensuConfiguration> {
  const problems: ConfigurationProblem[] = [];
  const files = new Map<string, JsonObject>();
  for (const file of await readConfigFiles(options.directories)) {
    if (file.ok) files.set(file.path, file.content);
    else {
      problems.push({ file: file.path, reason: file.reason });
      for (const [path, content] of lastKnownAt(file.path, options.lastFiles)) files.set(path, content);
    }
  }
  const settings = [...files.values()].reduce(deepMerge, defaultSettings(options.env));
  const parsed = parseChecks(objectAt(settings, 'checks'), files);
  return {
    ...parsed,
    client: parseClient(objectAt(settings, 'client')),
    spawnLimit: spawnLimitOf(settings),
    problems: [...problems, ...parsed.problems],
    settings,
    files,
  };
}

// The file itself, or all that were below the directory.
function lastKnownAt(path: string, files: LoadOptions['lastFiles'] = new Map()): [string, JsonObject][] {
  return [...files].filter(([known]) => known === path || known.startsWith(join(path, '/')));
}

// As in Sensu, the environment comes before the files: a file's name wins, subscriptions add up.
function defaultSettings(env: LoadOptions['env']): JsonObject {
  const subscriptions = (env['SENSU_CLIENT_SUBSCRIPTIONS'] ?? '').split(',').filter((name) => name !== '');
  const client = new Map<string, JsonValue>([
    ['name', env['SENSU_CLIENT_NAME'] ?? hostname()],
    ['address', env['SENSU_CLIENT_ADDRESS'] ?? firstAddress()],
    ['subscriptions', subscriptions],
  ]);
  return new Map<string, JsonValue>([
    ['sensu', new Map([['spawn', new Map([['limit', integer(12)]])]])],
    ['client', client],
  ]);
}

function firstAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'unknown';
}

function parseChecks(
  definitions: JsonObject,
  files: ReadonlyMap<string, JsonObject>,
): Pick<SensuConfiguration, 'checks' | 'brokenChecks' | 'problems'> {
  const checks = new Map<string, CheckDefinition>();
  const problems: ConfigurationProblem[] = [];
  for (const [name, definition] of definitions) {
    const parsed = parseCheck(name, definition);
    if (parsed.ok) checks.set(name, parsed.check);
    const reason = parsed.ok ? parsed.ignored : parsed.problems.join('; ');
    if (reason !== undefined) problems.push({ file: filesWith(files, name), check: name, reason });
  }
  return {
    checks,
    brokenChecks: new Set([...definitions.keys()].filter((name) => !checks.has(name))),
    problems,
  };
}

// The files that a definition was merged from.
function filesWith(files: ReadonlyMap<string, JsonObject>, check: string): string {
  const paths = [...files]
    .filter(([, content]) => objectAt(content, 'checks').has(check))
    .map(([path]) => path);
  return paths.join(', ');
}

function spawnLimitOf(settings: JsonObject): number {
  const limit = objectAt(objectAt(settings, 'sensu'), 'spawn').get('limit');
  return isInteger(limit) && limit.value > 0 ? limit.value : 12;
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object.get(key);
  return isObject(value) ? value : new Map();
}
