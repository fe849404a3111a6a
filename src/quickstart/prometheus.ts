import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startConfigured, type ConfiguredProgram } from './configured-program.ts';
import type { Program } from './program.ts';

/** Its configuration is prometheus.yml without `rule_files`. */
interface PrometheusOptions extends ConfiguredProgram {
  /** The one rule file. */
  readonly rules: Readonly<Record<string, unknown>>;
  /** How often a firing alert is sent anew, e.g. `10s`. */
  readonly resendDelay: string;
}

/** Runs a real Prometheus. */
export async function startPrometheus(options: PrometheusOptions): Promise<Program> {
  const { folder, config, rules, resendDelay } = options;
  await writeFile(join(folder, 'rules.yml'), stringify(rules));
  const storage = join(folder, 'prometheus');
  return startConfigured(
    'prometheus',
    [`--storage.tsdb.path=${storage}`, `--rules.alert.resend-delay=${resendDelay}`],
    { ...options, config: { ...config, rule_files: ['rules.yml'] } },
  );
}
