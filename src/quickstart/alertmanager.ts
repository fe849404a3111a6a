import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-port.ts';
import { startProgram, type Program } from './program.ts';

interface AlertmanagerOptions {
  readonly binary: string;
  /** Empty, and removed by who made it. */
  readonly folder: string;
  /** alertmanager.yml. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Kills it before it returns. */
  readonly halt?: AbortSignal | undefined;
}

/** Runs a real Alertmanager on a free loopback port, without a cluster. */
export async function startAlertmanager({
  binary,
  folder,
  config,
  halt,
}: AlertmanagerOptions): Promise<Program> {
  const configFile = join(folder, 'alertmanager.yml');
  await writeFile(configFile, stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  return startProgram({
    binary,
    halt,
    url: `http://${address}`,
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
  });
}
