import type { Command } from 'commander';
import type { JsonRecord } from '../checks/result.ts';
import type { SensuConfiguration } from '../sensu/configuration.ts';
import { writeJson } from '../sensu/json.ts';
import { redact } from '../sensu/redact.ts';
import type { Logger } from '../platform/log/log.ts';
import type { Runner } from '../runner/runner.ts';
import type { CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { addPushOptions, createPusher, type PushFlags } from './push-options.ts';
import { createOutputLimitOption, DEFAULT_CONFIG_DIRECTORY, DEFAULT_LOG_FILE } from './runner-options.ts';
import { runUntilStopped } from './run-until-stopped.ts';

interface RunnerFlags extends LogFlags, PushFlags {
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
  addPushOptions(command);
  addLogOptions(command).action((flags: RunnerFlags) => run(flags, io));
}

async function run(flags: RunnerFlags, io: CommandIo): Promise<void> {
  const log = loggerOf(flags, io);
  await runUntilStopped(io, {
    log,
    start: () => startRunner(flags, io, log),
    onHangup: (runner) => runner.reload(),
    onUser2: (runner) => {
      runner.reopenLog();
    },
  });
}

/** A runner together with its configuration. */
interface ConfiguredRunner extends Pick<Runner, 'reopenLog' | 'stop'> {
  reload(): Promise<void>;
}

async function startRunner(flags: RunnerFlags, io: CommandIo, log: Logger): Promise<ConfiguredRunner> {
  const { createConfigurationLoader } = await import('../sensu/configuration.ts');
  const { requireDirectories } = await import('../runner/required-directory.ts');
  const { Runner } = await import('../runner/runner.ts');
  const directories = flags['config.dir'];
  const pusher = await createPusher(flags, log);
  const runner = new Runner({
    results: pusher,
    logFile: flags['log.file'],
    stdout: io.stdout,
    outputLimit: flags['output.limit'],
    env: io.env,
    halt: io.halt,
    logger: log,
  });
  await requireDirectories(directories);
  const load = createConfigurationLoader({ directories, env: io.env });
  const configuration = await load();
  await runner.start(configuration);
  pusher?.start(pushedAttributes(configuration));
  log.info({ log: flags['log.file'] }, 'running checks');
  return {
    reload: async () => {
      const changed = await load();
      await runner.reload(changed);
      if (changed.client.ok) pusher?.describe(pushedAttributes(changed));
    },
    reopenLog: () => {
      runner.reopenLog();
    },
    stop: async () => {
      await runner.stop();
      await pusher?.stop();
    },
  };
}

// Without what its keys call secret.
function pushedAttributes({ client }: SensuConfiguration): JsonRecord {
  if (!client.ok) return {};
  const { name, attributes } = client.client;
  return { ...(JSON.parse(writeJson(redact(attributes))) as JsonRecord), name };
}
