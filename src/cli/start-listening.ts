import { describeError, type Logger } from '../platform/log/log.ts';
import { ConfigError } from '../platform/config/config-error.ts';
import { ListenError } from '../platform/web/listen-error.ts';
import { configFileHint } from './config-file-option.ts';

/** What loads a configuration and listens. */
interface ListeningApp {
  /** Resolves to the URL. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts an app; leaves nothing open if that fails. */
export async function startListening<A extends ListeningApp>(app: A, log: Logger, ready: string): Promise<A> {
  try {
    const url = await app.start();
    log.info({ url }, ready);
    return app;
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** Logs why an app did not start, a line for each problem. Throws what is a bug. */
export async function logStartError(
  error: unknown,
  { log, configFile }: { log: Logger; configFile: string },
): Promise<void> {
  if (!(error instanceof ConfigError || error instanceof ListenError)) throw error;
  const hint = error instanceof ConfigError ? await configFileHint(configFile) : '';
  for (const line of describeError(error).split('\n')) log.error(`${line}${hint}`);
}
