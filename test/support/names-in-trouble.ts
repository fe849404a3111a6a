import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TempFolder } from './temp-folder.ts';

export interface NamesInTrouble {
  /** The environment of the program whose names are to hang or fail. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on these do, e.g. `hang .dead.example` (what names end with) or `fail localhost`; without any, all is well. */
  readonly set: (...lines: readonly string[]) => void;
}

const SOURCE = fileURLToPath(new URL('names-in-trouble.c', import.meta.url));

/** Makes the names of a program that is to be started hang or fail. Needs a C compiler. */
export function createNamesInTrouble(folder: TempFolder): NamesInTrouble {
  const library = join(folder.path, 'names-in-trouble.so');
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl']);
  const set = (...lines: readonly string[]): string => folder.write('names', `${lines.join('\n')}\n`);
  return { env: { LD_PRELOAD: library, NAMES_IN_TROUBLE: set() }, set };
}
