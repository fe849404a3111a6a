import { execFile } from 'node:child_process';

/** Runs a program such as promtool to its end; resolves to what it printed, on both streams, and whether it was content. */
export function runTool(file: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(file, [...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: stdout + stderr });
    });
  });
}
