import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-port.ts';
import { startProgram, type Program } from './program.ts';

/** What it takes to start a program of the Prometheus family. */
export interface ConfiguredProgram {
  readonly binary: string;
  /** Empty, and removed by who made it. */
  readonly folder: string;
  /** Its configuration file. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Kills it before it returns. */
  readonly halt?: AbortSignal | undefined;
}

/** Runs a program with its configuration in `NAME.yml`, these arguments, and a free loopback port to listen on. */
export async function startConfigured(
  name: string,
  args: readonly string[],
  { binary, folder, config, halt }: ConfiguredProgram,
): Promise<Program> {
  const configFile = join(folder, `${name}.yml`);
  await writeFile(configFile, stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  return startProgram({
    binary,
    halt,
    url: `http://${address}`,
    args: [`--config.file=${configFile}`, `--web.listen-address=${address}`, ...args],
  });
}
