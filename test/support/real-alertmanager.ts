import { startAlertmanager } from '../../src/quickstart/alertmanager.ts';
import type { Program } from '../../src/quickstart/program.ts';
import { createTempFolder } from './temp-folder.ts';

/** What `GET /api/v2/alerts` says of one alert. */
export interface GettableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
}

export interface RealAlertmanager extends Program {
  /** Its answer to `GET /api/v2/alerts`: the alerts that are firing. */
  alerts(): Promise<GettableAlert[]>;
}

interface RealAlertmanagerOptions {
  readonly binary: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The real program in a folder of its own; `stop()` ends it and removes the folder. */
export async function startRealAlertmanager(options: RealAlertmanagerOptions): Promise<RealAlertmanager> {
  const folder = createTempFolder();
  const program = await startAlertmanager({ ...options, folder: folder.path });
  return {
    ...program,
    stop: () =>
      program.stop().finally(() => {
        folder.remove();
      }),
    alerts: async () => {
      const response = await fetch(`${program.url}/api/v2/alerts`);
      return (await response.json()) as GettableAlert[];
    },
  };
}
