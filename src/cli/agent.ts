import { Option, type Command } from 'commander';
import type { NodeAgent, NodeAgentOptions } from '../agent/node.ts';
import type { Logger } from '../platform/log/log.ts';
import { version } from '../platform/file/package-files.ts';
import type { CommandIo } from './command-io.ts';
import { addLogOptions, loggerOf, type LogFlags } from './log-options.ts';
import { createCharsetOption } from './charset-option.ts';
import { createOutputLimitOption, DEFAULT_CONFIG_DIRECTORY, DEFAULT_LOG_FILE } from './runner-options.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { durationAbove0 } from './duration-option.ts';

// Its folder is made by the units of systemd and by the chart.
const DEFAULT_STATE_FILE = '/var/lib/alertmanager-proxy/agent-state.json';

interface AgentFlags extends LogFlags {
  readonly 'log.file': readonly string[];
  readonly 'state.file': string;
  readonly 'web.listenAddress': string;
  readonly 'web.config.file'?: string;
  readonly 'output.charset': readonly string[];
  readonly 'metrics.perfdata': boolean;
  readonly 'metrics.checkCounters': boolean;
  readonly 'metrics.definitions': boolean;
  readonly 'checks.forgetAfter'?: number;
  readonly 'config.dir'?: readonly string[];
  readonly withRunner: boolean;
  readonly 'output.limit': number;
}

/** `agent`: serves the check results that sensu-client or the runner logged on this node. */
export function addAgentCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('agent')
    .description("Show this node's check results: metrics for Prometheus, details over HTTP.")
    .option('--log.file <file...>', 'log of sensu-client or of the runner (repeatable)', [DEFAULT_LOG_FILE])
    .option('--state.file <file>', 'where to remember results from one start to the next', DEFAULT_STATE_FILE)
    .option('--web.listen-address <address>', 'where to listen', ':9470')
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .addOption(createCharsetOption())
    .option('--metrics.perfdata', 'add the performance data that Nagios plugins print', false)
    .option('--metrics.check-counters', 'count runs and timeouts of each check', false)
    .option('--metrics.definitions', 'add the interval, ttl, exit code and the like of each check', false)
    .addOption(
      new Option(
        '--checks.forget-after <duration>',
        'silence, such as 7d, after which a check that --config.dir does not define is forgotten; without: never',
      ).argParser(durationAbove0('12h or 7d')),
    )
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

async function runAgent(flags: AgentFlags, io: CommandIo): Promise<void> {
  // Memory on a node belongs to its workload: this saves about 15 MB.
  io.saveMemory();
  const log = loggerOf(flags, io);
  log.info({ version }, 'starting agent');
  const configDirectories = flags['config.dir'] ?? (flags.withRunner ? [DEFAULT_CONFIG_DIRECTORY] : []);
  await runUntilStopped(io, {
    log,
    start: () => startNode(flags, { io, log, configDirectories }),
    onHangup:
      configDirectories.length > 0
        ? (node) => node.reload()
        : { ignoredBecause: 'without --config.dir there is nothing to load again' },
    onUser2: flags.withRunner
      ? (node) => {
          node.reopenLog();
        }
      : { ignoredBecause: 'the agent follows a log that is rotated by itself' },
  });
}

async function startNode(
  flags: AgentFlags,
  { io, log, configDirectories }: { io: CommandIo; log: Logger; configDirectories: readonly string[] },
): Promise<NodeAgent> {
  const { NodeAgent } = await import('../agent/node.ts');
  const node = new NodeAgent({
    listenAddress: flags['web.listenAddress'],
    webConfigFile: flags['web.config.file'],
    logFiles: flags['log.file'],
    stateFile: flags['state.file'],
    charsets: flags['output.charset'],
    perfdata: flags['metrics.perfdata'],
    checkCounters: flags['metrics.checkCounters'],
    definitionMetrics: flags['metrics.definitions'],
    forgetAfter: flags['checks.forgetAfter'],
    configDirectories,
    runner: flags.withRunner ? runnerOptions(flags, io) : undefined,
    env: io.env,
    log,
  });
  await node.start();
  log.info('ready');
  return node;
}

function runnerOptions(flags: AgentFlags, { stdout, halt }: CommandIo): NodeAgentOptions['runner'] {
  const [logFile = DEFAULT_LOG_FILE] = flags['log.file'];
  if (logFile === '-') throw new Error('--with-runner needs a file as --log.file, which the agent can read');
  return { logFile, outputLimit: flags['output.limit'], stdout, halt };
}
