import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The folder of the files that a test writes; removed after its tests. */
export const configFolder = folder;

/** Writes a configuration file and returns its path. */
export function configFile(text: string): string {
  const file = join(folder, 'config.yml');
  writeFileSync(file, text);
  return file;
}
