import { setFlagsFromString } from 'node:v8';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createDecoder } from '../agent/charset.ts';
import type { Logger } from '../platform/log.ts';
import { version } from '../platform/version.ts';
import type { Runner } from '../runner/runner.ts';
import { stopRequested, type CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { createOutputLimitOption, DEFAULT_CONFIG_DIRECTORY, DEFAULT_LOG_FILE } from './runner-options.ts';

interface AgentFlags extends LogFlags {
  readonly 'log.file': readonly string[];
  readonly 'web.listenAddress': string;
  readonly 'web.config.file'?: string;
  readonly 'output.charset': readonly string[];
  readonly 'metrics.perfdata': boolean;
  readonly 'metrics.checkCounters': boolean;
  readonly 'config.dir'?: readonly string[];
  readonly withRunner: boolean;
  readonly 'output.limit': number;
}

/** `agent`: shows what sensu-client's log, or the runner's, tells of the node's checks. */
export function addAgentCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('agent')
    .description("Show this node's check results: metrics for Prometheus, details over HTTP.")
    .option('--log.file <file...>', 'log of sensu-client or of the runner (repeatable)', [DEFAULT_LOG_FILE])
    .option('--web.listen-address <address>', 'where to listen', ':9470')
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .addOption(
      new Option('--output.charset <list>', "what the scripts' output may be written in, tried in this order")
        .default(['utf-8'], 'utf-8')
        .argParser(parseCharsets),
    )
    .option('--metrics.perfdata', 'add the performance data that Nagios plugins print', false)
    .option('--metrics.check-counters', 'count runs and timeouts of each check', false)
    .option(
      '--config.dir <path...>',
      'Sensu configuration: the attributes of the client, and checks that have not run (repeatable)',
    )
    .option(
      '--with-runner',
      `run the checks too, as the command runner does, by --config.dir or ${DEFAULT_CONFIG_DIRECTORY}`,
      false,
    )
    .addOption(createOutputLimitOption());
  addLogOptions(command).action((flags: AgentFlags) => runAgent(flags, io));
}

/** What the parts of the command are started with. */
interface Start {
  readonly flags: AgentFlags;
  readonly configDirectories: readonly string[];
  readonly io: CommandIo;
  readonly log: Logger;
  /** Takes what ends a part; the last one started is ended first. */
  readonly onStop: (stop: () => unknown) => void;
}

async function runAgent(flags: AgentFlags, io: CommandIo): Promise<void> {
  // The node is there for the work of others: V8 collects garbage earlier, which saves some 15 MB.
  setFlagsFromString('--optimize-for-size');
  const log = loggerOf(flags, io);
  const configDirectories = flags['config.dir'] ?? (flags.withRunner ? [DEFAULT_CONFIG_DIRECTORY] : []);
  const stops: (() => unknown)[] = [];
  log.info({ version }, 'starting agent');
  try {
    await start({ flags, configDirectories, io, log, onStop: (stop) => stops.push(stop) });
    log.info('ready');
    await stopRequested(io, log);
    log.info('stopping');
  } catch (error) {
    log.error({ err: error }, 'cannot start');
    io.setExitCode(1);
  }
  for (const stop of stops.reverse()) await stop();
}

// Returns when what the log holds is read.
async function start(context: Start): Promise<void> {
  const { flags, configDirectories, io, log, onStop } = context;
  const { createAgent } = await import('../agent/agent.ts');
  const { listen } = await import('../platform/web/listener.ts');
  const runner = flags.withRunner ? await createRunnerOf(context) : undefined;
  const agent = createAgent({
    logFiles: flags['log.file'],
    charsets: flags['output.charset'],
    perfdata: flags['metrics.perfdata'],
    checkCounters: flags['metrics.checkCounters'],
    runner: runner?.counters,
    log,
  });
  const listener = await listen({
    listenAddress: flags['web.listenAddress'],
    webConfigFile: flags['web.config.file'],
    handler: agent.handler,
    log,
  });
  onStop(() => listener.close());
  onStop(() => agent.stop());
  if (runner !== undefined) await startRunner(runner, context);
  if (configDirectories.length > 0) {
    const { createDefinitionsLoader } = await import('./agent-definitions.ts');
    // The runner reports what is wrong with the configuration, too.
    const load = createDefinitionsLoader({
      agent,
      directories: configDirectories,
      env: io.env,
      log: flags.withRunner ? undefined : log,
    });
    onStop(io.onSignal('SIGHUP', () => void load()));
    await load();
  }
  await agent.start();
}

async function createRunnerOf({ flags, configDirectories, io, log }: Start): Promise<Runner> {
  const [logFile = DEFAULT_LOG_FILE] = flags['log.file'];
  if (logFile === '-') throw new Error('--with-runner needs a file as --log.file, which the agent can read');
  const { createRunner } = await import('../runner/runner.ts');
  return createRunner({
    configDirectories,
    logFile,
    stdout: io.stdout,
    outputLimit: flags['output.limit'],
    env: io.env,
    halt: io.halt,
    logger: log,
  });
}

async function startRunner(runner: Runner, { io, onStop }: Start): Promise<void> {
  await runner.start();
  onStop(() => runner.stop());
  onStop(io.onSignal('SIGHUP', () => void runner.reload()));
  onStop(
    io.onSignal('SIGUSR2', () => {
      runner.reopenLog();
    }),
  );
}

// "utf-8,euc-jp"
function parseCharsets(text: string): string[] {
  const labels = text.split(',').map((label) => label.trim());
  for (const label of labels) {
    try {
      createDecoder([label]);
    } catch {
      throw new InvalidArgumentError(
        `"${label}" is no charset; take names such as utf-8, euc-jp or shift_jis.`,
      );
    }
  }
  return labels;
}
