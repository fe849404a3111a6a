import { InvalidArgumentError, Option, type Command } from 'commander';
import { formatDuration, parseDuration } from '../platform/duration.ts';
import { describeError, type Logger } from '../platform/log.ts';
import { version } from '../platform/version.ts';
import { ListenError } from '../platform/web/listen-error.ts';
import type { App } from '../proxy/app.ts';
import { ConfigError } from '../proxy/config/config-error.ts';
import { configFileHint, createConfigFileOption } from './config-file-option.ts';
import { stopRequested, type CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { ignoreSignal, onSignalOnceStarted } from './signal-listener.ts';

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
  const created = createApp(options, log);
  const started = created.then((app) => app.start());
  // At once: who starts it may signal it at once.
  const forget = [
    onSignalOnceStarted(io, 'SIGHUP', { started, listener: async () => (await created).reload() }),
    ignoreSignal(io, 'SIGUSR2', { log, reason: 'the proxy has no log file to open anew' }),
  ];
  const app = await created;
  try {
    const url = await started;
    log.info({ url }, 'ready to take alerts');
    await stopRequested(io, log);
    log.info('stopping: answering what is under way');
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ListenError)) throw error;
    const hint = error instanceof ConfigError ? await configFileHint(options['config.file']) : '';
    for (const line of describeError(error).split('\n')) log.error(`${line}${hint}`);
    io.setExitCode(1);
  }
  for (const stopListening of forget) stopListening();
  await app.stop();
  log.info('stopped');
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
    throw new InvalidArgumentError('A duration such as 30s or 1m30s is wanted, a day at most.');
  return interval;
}

// As Prometheus does it: `proxy/` is `/proxy`.
function parsePrefix(text: string): string {
  if (!/^[\w.~/-]*$/.test(text))
    throw new InvalidArgumentError('A path such as /proxy is wanted: letters, digits and any of -._~/');
  return `/${text.replace(/^\/+|\/+$/g, '')}`;
}
