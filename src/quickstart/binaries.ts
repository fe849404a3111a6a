import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

interface Binary {
  /** Environment variable that chooses another file. */
  readonly variable: string;
  /** Names on the PATH: Debian's first, then upstream's. */
  readonly names: readonly string[];
}

const BINARIES = {
  prometheus: { variable: 'PROMETHEUS_BIN', names: ['prometheus'] },
  promtool: { variable: 'PROMTOOL_BIN', names: ['promtool'] },
  alertmanager: { variable: 'ALERTMANAGER_BIN', names: ['prometheus-alertmanager', 'alertmanager'] },
  pushgateway: { variable: 'PUSHGATEWAY_BIN', names: ['prometheus-pushgateway', 'pushgateway'] },
  amtool: { variable: 'AMTOOL_BIN', names: ['amtool'] },
} satisfies Record<string, Binary>;

export type BinaryName = keyof typeof BINARIES;

/** Where the program is installed: what the environment says, else the first one on the PATH; undefined if nowhere. */
export function findBinary(
  name: BinaryName,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { variable, names } = BINARIES[name];
  const chosen = env[variable];
  if (chosen !== undefined && chosen !== '') return chosen;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((file) => folders.map((folder) => join(folder, file))).find(isExecutable);
}

/** What a program of the Prometheus family says of itself, e.g. `2.42.0+ds`. */
export async function versionOf(binary: string): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, ['--version']);
  return /version (\S+)/.exec(stdout)?.[1] ?? 'of unknown version';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
