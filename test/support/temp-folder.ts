import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TempFolder {
  readonly path: string;
  /** Writes a file below the folder and returns its full path. */
  readonly write: (name: string, content: string | Buffer) => string;
  readonly remove: () => void;
}

/** A folder that is the test's own; remove it when done. */
export function createTempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'alertmanager-proxy-test-'));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
