import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

/** Installs the node modules if they are missing or not those of the lockfile; false if that failed. */
export function ensureNodeModules() {
  if (isInstalled()) return true;
  console.log('installing the node modules …');
  return run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  // npm's own note of what it has put there: the lockfile without the root and without what is for other platforms.
  const present = packagesOf('node_modules/.package-lock.json');
  return (
    Object.keys(present).every((path) => path in wanted) &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || (path in present ? present[path].version === version : optional === true),
    )
  );
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(join(ROOT, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}
