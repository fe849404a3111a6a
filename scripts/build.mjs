// npm run build: compiles src/ into dist/lib, and puts the program's entry, dist/main.js, beside it.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

rmSync(DIST, { recursive: true, force: true });
const tsc = join(ROOT, 'node_modules/.bin/tsc');
const { status } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
if (status === 0) {
  // The entry is CommonJS (it says why), the rest are ES modules.
  copyFileSync(join(ROOT, 'src/main.cjs'), join(DIST, 'main.js'));
  chmodSync(join(DIST, 'main.js'), 0o755);
  writeFileSync(join(DIST, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(DIST, 'lib/package.json'), '{ "type": "module" }\n');
  writeFileSync(join(DIST, 'revision'), `${revision()}\n`);
}
process.exitCode = status ?? 1;

// An image is built without the repository: its build argument says it.
function revision() {
  const { REVISION } = process.env;
  if (REVISION) return REVISION;
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'unknown';
}
