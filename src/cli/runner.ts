import type { Command } from 'commander';
import type { Logger } from '../platform/log.ts';
import type { Runner } from '../runner/runner.ts';
import { stopRequested, type CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { createOutputLimitOption, DEFAULT_CONFIG_DIRECTORY, DEFAULT_LOG_FILE } from './runner-options.ts';
import { onSignalOnceStarted } from './signal-listener.ts';

interface RunnerFlags extends LogFlags {
  readonly 'config.dir': readonly string[];
  readonly 'log.file': string;
  readonly 'output.limit': number;
}

/** `runner`: runs the checks of a Sensu configuration. */
export function addRunnerCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('runner')
    .description("Run Sensu check definitions on this node and write sensu-client's log.")
    .option('--config.dir <path...>', 'Sensu configuration; config.json beside it is read too (repeatable)', [
      DEFAULT_CONFIG_DIRECTORY,
    ])
    .option('--log.file <path>', 'log of results; - is stdout', DEFAULT_LOG_FILE)
    .addOption(createOutputLimitOption());
  addLogOptions(command).action((flags: RunnerFlags) => run(flags, io));
}

async function run(flags: RunnerFlags, io: CommandIo): Promise<void> {
  const logger = loggerOf(flags, io);
  const started = startRunner(flags, io, logger);
  // At once: who starts it may signal it at once.
  const forget = [
    onSignalOnceStarted(io, 'SIGHUP', { started, listener: (runner) => runner.reload() }),
    onSignalOnceStarted(io, 'SIGUSR2', {
      started,
      listener: (runner) => {
        runner.reopenLog();
      },
    }),
  ];
  const runner = await started.catch((error: unknown) => {
    logger.error({ err: error }, 'cannot start');
    io.setExitCode(1);
  });
  if (runner !== undefined) {
    logger.info({ log: flags['log.file'] }, 'running checks');
    await stopRequested(io, logger);
    logger.info('stopping');
    await runner.stop();
    logger.info('stopped');
  }
  for (const stopListening of forget) stopListening();
}

async function startRunner(flags: RunnerFlags, io: CommandIo, logger: Logger): Promise<Runner> {
  const { Runner } = await import('../runner/runner.ts');
  const runner = new Runner({
    configDirectories: flags['config.dir'],
    logFile: flags['log.file'],
    stdout: io.stdout,
    outputLimit: flags['output.limit'],
    env: io.env,
    halt: io.halt,
    logger,
  });
  await runner.start();
  return runner;
}
