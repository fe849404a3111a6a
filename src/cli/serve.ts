import { InvalidArgumentError, Option, type Command } from 'commander';
import { formatDuration, parseDuration } from '../platform/time/duration.ts';
import { describeError, type Logger } from '../platform/log/log.ts';
import { version } from '../platform/file/package-files.ts';
import { ListenError } from '../platform/web/listen-error.ts';
import type { App } from '../proxy/app.ts';
import { ConfigError } from '../platform/config/config-error.ts';
import { configFileHint, createConfigFileOption } from './config-file-option.ts';
import type { CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { runUntilStopped } from './run-until-stopped.ts';

interface ServeOptions extends LogFlags {
  readonly 'config.file': string;
  readonly 'config.autoReload'?: boolean;
  readonly 'config.autoReloadInterval': number;
  readonly 'web.listenAddress': string;
  readonly 'web.adminListenAddress'?: string;
  readonly 'web.config.file'?: string;
  readonly 'web.enableLifecycle'?: boolean;
  readonly 'web.routePrefix': string;
}

/** As Prometheus' own. */
const AUTO_RELOAD_INTERVAL_MS = 30_000;
const LONGEST_INTERVAL_MS = 24 * 3600 * 1000;

/** `serve`: runs the proxy. */
export function addServeCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('serve')
    .description('Run the proxy.')
    .addOption(createConfigFileOption())
    .option('--config.auto-reload', 'reload the configuration file when it changes')
    .addOption(
      new Option('--config.auto-reload-interval <duration>', 'how often to look whether it changed')
        .default(AUTO_RELOAD_INTERVAL_MS, formatDuration(AUTO_RELOAD_INTERVAL_MS))
        .argParser(parseInterval),
    )
    .option('--web.listen-address <address>', 'where to listen for alerts', ':9095')
    .option(
      '--web.admin-listen-address <address>',
      'where all but the alerts answers, if not at the same address',
    )
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .option('--web.enable-lifecycle', 'allow reloading by POST /-/reload')
    .addOption(
      new Option('--web.route-prefix <prefix>', 'what stands before the paths of the management endpoints')
        .default('/')
        .argParser(parsePrefix),
    );
  addLogOptions(command).action((options: ServeOptions) => serve(options, io));
}

async function serve(options: ServeOptions, io: CommandIo): Promise<void> {
  const log = loggerOf(options, io);
  log.info({ version }, 'starting alertmanager-proxy');
  await runUntilStopped(io, {
    log,
    start: () => startApp(options, log),
    onHangup: (app) => app.reload(),
    onUser2: { ignoredBecause: 'the proxy has no log file to reopen' },
    logStartError: (error) => logStartError(error, { log, configFile: options['config.file'] }),
  });
}

async function startApp(options: ServeOptions, log: Logger): Promise<App> {
  const app = await createApp(options, log);
  try {
    const url = await app.start();
    log.info({ url }, 'ready to take alerts');
    return app;
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function logStartError(
  error: unknown,
  { log, configFile }: { log: Logger; configFile: string },
): Promise<void> {
  if (!(error instanceof ConfigError || error instanceof ListenError)) throw error;
  const hint = error instanceof ConfigError ? await configFileHint(configFile) : '';
  for (const line of describeError(error).split('\n')) log.error(`${line}${hint}`);
}

async function createApp(options: ServeOptions, log: Logger): Promise<App> {
  const { App } = await import('../proxy/app.ts');
  return new App({
    configFile: options['config.file'],
    listenAddress: options['web.listenAddress'],
    adminListenAddress: options['web.adminListenAddress'],
    webConfigFile: options['web.config.file'],
    routePrefix: options['web.routePrefix'],
    enableLifecycle: options['web.enableLifecycle'] === true,
    autoReloadInterval:
      options['config.autoReload'] === true ? options['config.autoReloadInterval'] : undefined,
    log,
  });
}

function parseInterval(text: string): number {
  const interval = parseDuration(text);
  if (interval === undefined || interval === 0 || interval > LONGEST_INTERVAL_MS)
    throw new InvalidArgumentError('Expected a duration such as 30s or 1m30s, up to a day.');
  return interval;
}

// As Prometheus does it: `proxy/` is `/proxy`.
function parsePrefix(text: string): string {
  if (!/^[\w.~/-]*$/.test(text))
    throw new InvalidArgumentError('Expected a path such as /proxy, made of letters, digits and -._~/');
  return `/${text.replace(/^\/+|\/+$/g, '')}`;
}
