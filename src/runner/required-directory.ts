import { isMissing } from '../platform/file/is-missing.ts';

/**
 * Rejects if one of Sensu's configuration directories does not exist: mistyped, it would look like a node without checks.
 * One that cannot be read for another reason is a problem that loading it reports.
 */
export async function requireDirectories(directories: readonly string[]): Promise<void> {
  for (const directory of directories) {
    if (await isMissing(directory))
      throw new Error(`the folder ${directory} does not exist: create it or set --config.dir`);
  }
}
