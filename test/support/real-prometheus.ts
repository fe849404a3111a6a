import { startPrometheus } from '../../src/quickstart/prometheus.ts';
import type { Program } from '../../src/quickstart/program.ts';
import { createTempFolder } from './temp-folder.ts';

interface RealPrometheusOptions {
  readonly binary: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly resendDelay?: string;
}

/** The real program in a folder of its own; `stop()` ends it and removes the folder. */
export async function startRealPrometheus(options: RealPrometheusOptions): Promise<Program> {
  const folder = createTempFolder();
  const program = await startPrometheus({ resendDelay: '2s', ...options, folder: folder.path });
  return {
    ...program,
    stop: () =>
      program.stop().finally(() => {
        folder.remove();
      }),
  };
}
