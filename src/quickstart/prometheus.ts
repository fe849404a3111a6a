import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-port.ts';
import { startProgram, type Program } from './program.ts';

interface PrometheusOptions {
  readonly binary: string;
  /** Empty, and removed by who made it. */
  readonly folder: string;
  /** prometheus.yml without `rule_files`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The one rule file. */
  readonly rules: Readonly<Record<string, unknown>>;
  /** How often a firing alert is sent anew, e.g. `10s`. */
  readonly resendDelay: string;
  /** Kills it before it returns. */
  readonly halt?: AbortSignal | undefined;
}

/** Runs a real Prometheus on a free loopback port. */
export async function startPrometheus(options: PrometheusOptions): Promise<Program> {
  const { binary, folder, config, rules, resendDelay, halt } = options;
  const configFile = join(folder, 'prometheus.yml');
  await writeFile(join(folder, 'rules.yml'), stringify(rules));
  await writeFile(configFile, stringify({ ...config, rule_files: ['rules.yml'] }));
  const address = `127.0.0.1:${await freePort()}`;
  return startProgram({
    binary,
    halt,
    url: `http://${address}`,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=${address}`,
      `--rules.alert.resend-delay=${resendDelay}`,
    ],
  });
}
