import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder in the system's temporary one, which is removed when the bench ends, be it by an error or by Ctrl-C. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-proxy-bench-'));
  // What a killed child leaves in its temporary folder goes with ours.
  process.env['TMPDIR'] = folder;
  process.once('exit', () => {
    // Again, should a child that is being killed have written something meanwhile.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return folder;
}
