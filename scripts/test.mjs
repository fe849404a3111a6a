// npm test [-- [--no-install] [unit] [integration] [e2e] [paths and flags of jest…]]
// The first and only command after a clone: installs what is missing, builds, tests, and ends with a plain total.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { build, printTotal, ROOT, run } from './lib/run.mjs';
import { ensureSystemPackages, TEST_PACKAGES } from './lib/system-packages.mjs';

const SUITES = ['unit', 'integration', 'e2e'];
const RESULT = join(ROOT, '.cache', `jest-result-${process.pid}.json`);

// A test that hangs must not hang CI.
const TIMEOUT_MS = 40 * 60_000;

const mayInstall = !process.argv.includes('--no-install');
const args = process.argv.slice(2).filter((arg) => arg !== '--no-install');
const named = SUITES.filter((suite) => args.includes(suite));
const suites = named.length === 0 ? SUITES : named;
const rest = args.filter((arg) => !SUITES.includes(arg));

console.log(`Node ${process.version}, suites: ${suites.join(', ')}`);
if (!ensureNodeModules()) {
  printTotal({ passed: 0, failed: 1 });
} else {
  if (suites.includes('e2e')) ensureSystemPackages(TEST_PACKAGES, { mayInstall });
  const built = build();
  if (!built) console.log('the build failed; the messages are above');
  printTotal(built ? runJest() : { passed: 0, failed: 1 });
}

function runJest() {
  mkdirSync(dirname(RESULT), { recursive: true });
  const ok = run(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve('jest/bin/jest')),
      '--json',
      `--outputFile=${RESULT}`,
      ...rest,
      '--selectProjects',
      ...suites,
    ],
    {
      env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
      timeout: TIMEOUT_MS,
    },
  );
  const total = count(readResult());
  // Whatever jest ended badly for, green is not what it was.
  return { ...total, failed: ok ? total.failed : Math.max(total.failed, 1) };
}

function readResult() {
  try {
    return JSON.parse(readFileSync(RESULT, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(RESULT, { force: true });
  }
}

function count(result) {
  if (result === undefined) return { passed: 0, failed: 1 };
  // A suite of which no file ran was not tested; with paths or flags given, that may be what was asked for.
  const empty = rest.length > 0 ? [] : suites.filter((suite) => !hasRun(suite, result));
  for (const suite of empty) console.log(`no test of the suite ${suite} ran`);
  return {
    passed: result.numPassedTests,
    // A file that could not be run counts as one failure: it has no tests to count.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites + empty.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function hasRun(suite, { testResults }) {
  return testResults.some(({ name }) => name.startsWith(join(ROOT, 'test', suite) + '/'));
}
