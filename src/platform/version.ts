import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly version: string;
}

/** The package's version; package.json is the one place that names it. */
export const version = readVersion();

function readVersion(): string {
  // Two levels up from both src/platform and dist/platform.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as PackageJson).version;
}
