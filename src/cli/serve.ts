import type { Command } from 'commander';
import type { Logger } from '../platform/log/log.ts';
import { version } from '../platform/file/package-files.ts';
import type { App } from '../proxy/app.ts';
import { createConfigFileOption } from './config-file-option.ts';
import type { CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { logStartError, startListening } from './start-listening.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { addWebOptions, toListeningOptions, type WebFlags } from './web-options.ts';
import { PROXY_LOG } from '../proxy/activity/log-messages.ts';

type ServeOptions = LogFlags & WebFlags;

/** `serve`: runs the proxy. */
export function addServeCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('serve')
    .description('Run the proxy.')
    .addOption(createConfigFileOption())
    .option('--web.listen-address <address>', 'where to listen for alerts', ':9095');
  addWebOptions(command, 'where all but the alerts answers, if not at the same address');
  addLogOptions(command).action((options: ServeOptions) => serve(options, io));
}

async function serve(options: ServeOptions, io: CommandIo): Promise<void> {
  const log = loggerOf(options, io);
  log.info({ version }, 'starting alertmanager-proxy');
  await runUntilStopped(io, {
    log,
    start: async () => startListening(await createApp(options, log), log, PROXY_LOG.ready),
    onHangup: (app) => app.reload(),
    onUser2: { ignoredBecause: 'the proxy has no log file to reopen' },
    logStartError: (error) => logStartError(error, { log, configFile: options['config.file'] }),
  });
}

async function createApp(options: ServeOptions, log: Logger): Promise<App> {
  const { App } = await import('../proxy/app.ts');
  return new App(toListeningOptions(options, log));
}
