import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a command to its end, all its output on our stdout and nothing on its stdin; true if it ended well,
 * within the timeout (ms) if there is one.
 */
export function run(command, args, { env = {}, timeout } = {}) {
  const stdio = ['ignore', 'inherit', process.stdout.fd];
  return (
    spawnSync(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio, timeout }).status === 0
  );
}

/** Compiles into dist/; false, after the compiler's messages, if that failed. */
export function build() {
  console.log('building …');
  return run('npm', ['run', '--silent', 'build']);
}

/** Runs a command to its end and returns what it printed. */
export function capture(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: status === 0, stdout, output: `${stdout}${stderr}`.trim() };
}

/** The one plain line that ends every run, for people and for CI, which adds these lines up. */
export function printTotal({ passed, failed, skipped = 0 }) {
  console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
