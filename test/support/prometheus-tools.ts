import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from '@jest/globals';

export type PrometheusTool = 'promtool' | 'amtool';

/** Runs promtool or amtool; resolves to what it printed, on both streams, and whether it was content. */
export function runTool(
  tool: PrometheusTool,
  args: readonly string[],
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(tool, [...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: stdout + stderr });
    });
  });
}

/** A describe that needs the tool: without it the tests are skipped by name, or, with CI=true, fail. */
export function describeWith(tool: PrometheusTool, name: string, tests: () => void): void {
  if (isInstalled(tool)) {
    describe(name, tests);
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it(`needs ${tool}`, () => {
        throw new Error(`${tool} is not in PATH: install Debian's prometheus and prometheus-alertmanager`);
      });
    });
  } else {
    process.stderr.write(`SKIPPED: "${name}" needs ${tool}, which is not in PATH\n`);
    describe.skip(name, tests);
  }
}

function isInstalled(tool: PrometheusTool): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
