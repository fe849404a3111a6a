import type { Command } from 'commander';
import type { Logger } from '../platform/log/log.ts';
import { version } from '../platform/file/package-files.ts';
import type { WebApp } from '../web/app.ts';
import { createConfigFileOption } from './config-file-option.ts';
import type { CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { logStartError, startListening } from './start-listening.ts';
import { addWebOptions, toListeningOptions, type WebFlags } from './web-options.ts';

type WebOptions = LogFlags & WebFlags;

/** `web`: runs the page over all clusters. */
export function addWebCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('web')
    .description('Run the page: nodes, checks, alerts and silences over several clusters.')
    .addOption(createConfigFileOption('web'))
    .option('--web.listen-address <address>', 'where to listen for browsers', ':9097');
  addWebOptions(command, 'where metrics and management answer, if not at the same address');
  addLogOptions(command).action((options: WebOptions) => web(options, io));
}

async function web(options: WebOptions, io: CommandIo): Promise<void> {
  const log = loggerOf(options, io);
  log.info({ version }, 'starting alertmanager-proxy web');
  await runUntilStopped(io, {
    log,
    start: async () => startListening(await createApp(options, log), log, 'ready to show the clusters'),
    onHangup: (app) => app.reload(),
    onUser2: { ignoredBecause: 'the page has no log file to reopen' },
    logStartError: (error) => logStartError(error, { log, configFile: options['config.file'] }),
  });
}

async function createApp(options: WebOptions, log: Logger): Promise<WebApp> {
  const { WebApp } = await import('../web/app.ts');
  return new WebApp(toListeningOptions(options, log));
}
