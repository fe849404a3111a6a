import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly version: string;
}

/** The package's version; package.json is the one place that names it. */
export const version = readVersion();

/** The version of Node.js that runs it, such as `v20.19.0`. */
// eslint-disable-next-line no-restricted-imports -- a constant: nobody is affected by who reads it.
export { version as nodeVersion } from 'node:process';

function readVersion(): string {
  // Two levels up from both src/platform and dist/platform.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as PackageJson).version;
}
