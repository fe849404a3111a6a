import { join } from 'node:path';
import { startConfigured, type ConfiguredProgram } from './configured-program.ts';
import type { Program } from './program.ts';

/** Runs a real Alertmanager, without a cluster. */
export function startAlertmanager(program: ConfiguredProgram): Promise<Program> {
  const storage = join(program.folder, 'alertmanager');
  return startConfigured('alertmanager', [`--storage.path=${storage}`, '--cluster.listen-address='], program);
}
