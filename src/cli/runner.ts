import { Command, InvalidArgumentError, Option } from 'commander';
import { formatByteSize, parseByteSize } from '../platform/byte-size.ts';
import { createLogger, LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../platform/log.ts';
import { stopRequested, type CommandIo } from './command-io.ts';

interface RunnerFlags {
  readonly 'config.dir': readonly string[];
  readonly 'log.file': string;
  readonly 'output.limit': number;
  readonly 'log.level': LogLevel;
  readonly 'log.format': LogFormat;
}

// A byte of output is up to 6 in the log (\u0000): so a line stays below the 4 MiB that the agent reads.
const DEFAULT_OUTPUT_LIMIT = 512 * 1024;

/** `alertmanager-proxy runner` */
export function createRunnerCommand(io: CommandIo): Command {
  return new Command('runner')
    .description("Runs Sensu check definitions on this node and writes sensu-client's log.")
    .option('--config.dir <path...>', 'Sensu configuration; config.json beside it is read too (repeatable)', [
      '/etc/sensu/conf.d',
    ])
    .option('--log.file <path>', 'log of results; - is stdout', '/var/log/sensu/sensu-client.log')
    .addOption(createOutputLimitOption())
    .addOption(
      new Option('--log.level <level>', "the runner's own messages").choices(LOG_LEVELS).default('info'),
    )
    .addOption(new Option('--log.format <format>', 'on stderr, as').choices(LOG_FORMATS).default('logfmt'))
    .action((flags: RunnerFlags) => run(flags, io));
}

/** `--output.limit`, which the agent takes too. */
export function createOutputLimitOption(): Option {
  return new Option('--output.limit <size>', 'what is kept of the output of a check')
    .default(DEFAULT_OUTPUT_LIMIT, formatByteSize(DEFAULT_OUTPUT_LIMIT))
    .argParser(parseLimit);
}

async function run(flags: RunnerFlags, io: CommandIo): Promise<void> {
  const logger = createLogger({ level: flags['log.level'], format: flags['log.format'], stream: io.stderr });
  const { createRunner } = await import('../runner/runner.ts');
  const runner = createRunner({
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
  logger.info({ ...runner.definitions, log: flags['log.file'] }, 'running checks');
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

function parseLimit(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === undefined || bytes === 0)
    throw new InvalidArgumentError('A size such as 512KB or 1MB is wanted.');
  return bytes;
}
