// npm run check: all that a change has to pass besides its tests. Every check runs, whatever the others say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { capture, printTotal, ROOT } from './lib/run.mjs';

const CHECKS = [
  ['types', () => local('tsc', '--noEmit')],
  ['lint', () => local('eslint', '.', '--max-warnings=0')],
  ['import direction', () => local('depcruise', 'src', '--config', '.dependency-cruiser.js')],
  ['format', () => local('prettier', '--check', '.')],
  ['unused code and dependencies', () => local('knip')],
  ['lockfile', checkLockfile],
  ['audit', audit],
];

if (ensureNodeModules()) {
  const results = CHECKS.map(([name, check]) => report(name, check));
  const count = (wanted) => results.filter((result) => result === wanted).length;
  printTotal({ passed: count('ok'), failed: count('FAILED'), skipped: count('SKIPPED') });
} else {
  printTotal({ passed: 0, failed: 1 });
}

function report(name, check) {
  const start = performance.now();
  const { ok, skipped = false, output } = check();
  const result = ok ? 'ok' : skipped ? 'SKIPPED' : 'FAILED';
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${result.padEnd(8)} ${name.padEnd(30)} ${seconds.padStart(5)} s`);
  if (!ok) console.log(output);
  return result;
}

function local(command, ...args) {
  return capture(join(ROOT, 'node_modules/.bin', command), args);
}

// `npm ci` must take it on every machine: in step with package.json, and tied to no registry.
function checkLockfile() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const tied = Object.keys(packages).filter((path) => packages[path].resolved?.startsWith('http'));
  if (tied.length > 0)
    return { ok: false, output: `these name a registry host in "resolved": ${tied.join(', ')}` };
  return capture('npm', ['ci', '--dry-run', '--ignore-scripts', '--no-audit']);
}

// Known holes in what is shipped. Not every registry can tell; then this says so instead of passing.
function audit() {
  const { ok, stdout } = capture('npm', ['audit', '--omit=dev', '--json']);
  if (ok) return { ok };
  const { auditReportVersion, message = 'no answer' } = parseJson(stdout);
  return auditReportVersion === undefined
    ? { ok: false, skipped: true, output: `NOT AUDITED, the registry could not tell: ${message}` }
    : { ok: false, output: capture('npm', ['audit', '--omit=dev']).output };
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
