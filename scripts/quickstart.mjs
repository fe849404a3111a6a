// npm run quickstart [-- --no-install]: installs what is missing, builds, and shows the main job until Ctrl-C.
import { join } from 'node:path';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { build, ROOT } from './lib/run.mjs';
import { ALERTMANAGER, ensureSystemPackages, PROMETHEUS } from './lib/system-packages.mjs';

if (ensureNodeModules() && build()) {
  const mayInstall = !process.argv.includes('--no-install');
  ensureSystemPackages([PROMETHEUS, ALERTMANAGER], { mayInstall });
  // Here and not in a child, so that there is one process to stop. Ctrl-C arrives twice, from the terminal and
  // passed on by npm: the first one ends the program in good order, and the second must not cut that short.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  const main = join(ROOT, 'dist/main.js');
  process.argv = [
    process.execPath,
    main,
    'quickstart',
    ...process.argv.slice(2).filter((arg) => arg !== '--no-install'),
  ];
  await import(main);
} else {
  console.log('the set-up failed; the messages are above');
  process.exitCode = 1;
}
