// npm run bench [-- scenario…]: builds what is missing, then measures. Under ten minutes.
import { spawnSync } from 'node:child_process';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { ROOT, run } from './lib/run.mjs';
import { ALERTMANAGER, ensureSystemPackages } from './lib/system-packages.mjs';

const isReady = ensureNodeModules() && run('npm', ['run', '--silent', 'build']);
if (!isReady || !run('npx', ['tsc', '-p', 'tsconfig.bench.json'])) process.exit(1);
ensureSystemPackages([ALERTMANAGER]);
const { status } = spawnSync(process.execPath, ['.cache/bench/bench/main.js', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
