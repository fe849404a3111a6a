import type { Command } from 'commander';
import { stopRequested, type CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { createOutputLimitOption, DEFAULT_CONFIG_DIRECTORY, DEFAULT_LOG_FILE } from './runner-options.ts';

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
  try {
    await runner.start();
  } catch (error) {
    logger.error({ err: error }, 'cannot start');
    io.setExitCode(1);
    return;
  }
  logger.info({ log: flags['log.file'] }, 'running checks');
  const forget = [
    io.onSignal('SIGHUP', () => void runner.reload()),
    io.onSignal('SIGUSR2', () => {
      runner.reopenLog();
    }),
  ];
  await stopRequested(io, logger);
  forget.forEach((stopListening) => {
    stopListening();
  });
  await runner.stop();
}
