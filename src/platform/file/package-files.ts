import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
}

/** The folder of package.json: a few levels above both src and dist/lib. */
const ROOT = findRoot();

/** The package's version; package.json is the one place that names it. */
export const version = readVersion();

/** The commit that it was built from; `unknown` where the build could not tell. */
export const revision = readRevision();

/** The version of Node.js that runs it, such as `v20.20.2`. */
// eslint-disable-next-line no-restricted-imports -- a constant: nobody is affected by who reads it.
export { version as nodeVersion } from 'node:process';

/** Reads a file that comes with the package, such as `config/templates/sensu.tmpl`. Rejects if the package lacks it. */
export function readPackageFile(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8');
}

// dist has package.json files of its own, which only name the kind of its modules.
function findRoot(): URL {
  for (let folder = new URL('.', import.meta.url); folder.pathname !== '/'; folder = new URL('..', folder)) {
    if (readPackageJson(folder)?.name === 'alertmanager-proxy') return folder;
  }
  throw new Error('the package is incomplete: its package.json is missing');
}

function readVersion(): string {
  return readPackageJson(ROOT)?.version ?? 'unknown';
}

// scripts/build.mjs writes it.
function readRevision(): string {
  const file = new URL('dist/revision', ROOT);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown';
}

function readPackageJson(folder: URL): PackageJson | undefined {
  const file = new URL('package.json', folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageJson) : undefined;
}
