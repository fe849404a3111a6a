import { afterAll } from '@jest/globals';
import { createTempFolder } from '../../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

/** The folder of the files that a test writes; removed after its tests. */
export const configFolder = folder.path;

/** Writes a configuration file and returns its path. */
export function configFile(text: string): string {
  return folder.write('config.yml', text);
}
