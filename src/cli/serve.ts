import { Option, type Command } from 'commander';
import {
  createLogger,
  describeError,
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  type LogLevel,
} from '../platform/log.ts';
import { version } from '../platform/version.ts';
import { ListenError } from '../platform/web/listen-error.ts';
import { ConfigError } from '../proxy/config/config-error.ts';
import type { CommandIo } from './command-io.ts';

interface ServeOptions {
  readonly 'config.file': string;
  readonly 'web.listenAddress': string;
  readonly 'web.adminListenAddress'?: string;
  readonly 'web.config.file'?: string;
  readonly 'web.enableLifecycle'?: boolean;
  readonly 'web.routePrefix': string;
  readonly 'log.level': LogLevel;
  readonly 'log.format': LogFormat;
}

/** `serve`: runs the proxy. */
export function addServeCommand(program: Command, io: CommandIo): void {
  program
    .command('serve')
    .description('Run the proxy.')
    .option('--config.file <file>', 'configuration file', 'config/alertmanager-proxy.yml')
    .option('--web.listen-address <address>', 'where to listen for alerts', ':9095')
    .option(
      '--web.admin-listen-address <address>',
      'where all but the alerts answers, if not at the same address',
    )
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .option('--web.enable-lifecycle', 'allow reloading by POST /-/reload')
    .option('--web.route-prefix <prefix>', 'what stands before the paths of the management endpoints', '/')
    .addOption(
      new Option('--log.level <level>', 'least severe messages to log').choices(LOG_LEVELS).default('info'),
    )
    .addOption(
      new Option('--log.format <format>', 'format of log lines').choices(LOG_FORMATS).default('logfmt'),
    )
    .action((options: ServeOptions) => serve(options, io));
}

async function serve(options: ServeOptions, io: CommandIo): Promise<void> {
  const log = createLogger({ level: options['log.level'], format: options['log.format'], stream: io.stderr });
  log.info({ version }, 'starting alertmanager-proxy');
  const { App } = await import('../proxy/app.ts');
  const app = new App({
    configFile: options['config.file'],
    listenAddress: options['web.listenAddress'],
    adminListenAddress: options['web.adminListenAddress'],
    webConfigFile: options['web.config.file'],
    routePrefix: options['web.routePrefix'],
    enableLifecycle: options['web.enableLifecycle'] === true,
    log,
  });
  try {
    const url = await app.start();
    log.info({ url }, 'ready to take alerts');
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ListenError)) throw error;
    for (const line of describeError(error).split('\n')) log.error(line);
    io.setExitCode(1);
    await app.stop();
    return;
  }
  const offReload = io.onSignal('SIGHUP', () => void app.reload());
  await aborted(io.stop);
  offReload();
  log.info('stopping: answering what is under way');
  await app.stop();
  log.info('stopped');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
