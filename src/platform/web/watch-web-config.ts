import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log/log.ts';
import { pollUntilStable } from '../file/poll-until-stable.ts';
import { loadWebConfig, type LoadedWebConfig, type WebConfig } from './web-config.ts';
import { PLATFORM_LOG } from '../log/messages.ts';

interface WatchOptions {
  readonly file: string;
  /** Milliseconds between two looks. */
  readonly interval: number;
  readonly inForce: WebConfig;
  readonly apply: (config: WebConfig) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Looks at a web config file, and at the files that it names, until the signal aborts. A change that cannot be used leaves the
 * last good config in force: exporter-toolkit answers every request with 500 then, which would lose alerts and help nobody.
 */
export async function watchWebConfig({
  file,
  interval,
  inForce,
  apply,
  log,
  signal,
}: WatchOptions): Promise<void> {
  let config = inForce;
  let judged: LoadedWebConfig = { ok: true, config };

  for await (const look of pollUntilStable({ look: () => loadWebConfig(file), interval, signal })) {
    if (isDeepStrictEqual(look, judged)) continue;
    judged = look;
    const problems = look.ok ? restartProblems(file, config, look.config) : look.problems;
    if (!look.ok || problems.length > 0) {
      log.error({ file, problems }, PLATFORM_LOG.webConfigUnusable);
      continue;
    }
    config = look.config;
    apply(config);
    log.info({ file }, 'web config reloaded');
  }
}

// A listening socket speaks TLS or does not, and Node fixes then whether it asks for client certificates.
function restartProblems(file: string, now: WebConfig, next: WebConfig): string[] {
  if ((now.tls === undefined) !== (next.tls === undefined)) {
    return [`${file}: tls_server_config: TLS cannot be turned on or off while running: restart`];
  }
  if (now.tls?.clientAuthType !== next.tls?.clientAuthType) {
    return [`${file}: tls_server_config.client_auth_type: cannot be changed while running: restart`];
  }
  return [];
}
