import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Row } from '../report.ts';

/** The agent with 200 checks: memory, scrapes, and a log that grows by 1,000 results a second. */
export function agent(): Promise<Row[]> {
  return rowsOf('scripts/bench-agent.mjs');
}

/** How late the runner starts 500 checks. */
export function runner(): Promise<Row[]> {
  return rowsOf('scripts/bench-runner.mjs');
}

async function rowsOf(script: string): Promise<Row[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json']);
  return JSON.parse(stdout) as Row[];
}
