import { once } from 'node:events';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createAgent } from '../agent/agent.ts';
import { createDecoder } from '../agent/charset.ts';
import { createLogger, LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../platform/log.ts';
import { version } from '../platform/version.ts';
import { ListenError } from '../platform/web/listen-error.ts';
import { listen, type Listener } from '../platform/web/listener.ts';
import { createDefinitionsLoader } from './agent-definitions.ts';
import type { CommandIo } from './command-io.ts';

interface AgentFlags {
  readonly 'log.file': readonly string[];
  readonly 'config.dir'?: readonly string[];
  readonly 'web.listenAddress': string;
  readonly 'web.config.file'?: string;
  readonly 'output.charset': readonly string[];
  readonly 'metrics.perfdata'?: boolean;
  readonly 'metrics.checkCounters'?: boolean;
  readonly 'log.level': LogLevel;
  readonly 'log.format': LogFormat;
}

/** `agent`: shows what sensu-client's log, or the runner's, tells of the node's checks. */
export function addAgentCommand(program: Command, io: CommandIo): void {
  program
    .command('agent')
    .description("Show this node's check results: metrics for Prometheus, details over HTTP.")
    .option('--log.file <file...>', 'log of sensu-client or of the runner (repeatable)', [
      '/var/log/sensu/sensu-client.log',
    ])
    .option(
      '--config.dir <path...>',
      'Sensu configuration, to show the attributes of the client and checks that have not run',
    )
    .option('--web.listen-address <address>', 'where to listen', ':9470')
    .option('--web.config.file <file>', 'TLS and authentication of the listener')
    .addOption(
      new Option('--output.charset <list>', "what the scripts' output may be written in, tried in this order")
        .default(['utf-8'], 'utf-8')
        .argParser(parseCharsets),
    )
    .option('--metrics.perfdata', 'add the performance data that Nagios plugins print')
    .option('--metrics.check-counters', 'count runs and timeouts of each check')
    .addOption(
      new Option('--log.level <level>', 'least severe messages to log').choices(LOG_LEVELS).default('info'),
    )
    .addOption(
      new Option('--log.format <format>', 'format of log lines').choices(LOG_FORMATS).default('logfmt'),
    )
    .action((flags: AgentFlags) => runAgent(flags, io));
}

async function runAgent(flags: AgentFlags, io: CommandIo): Promise<void> {
  const log = createLogger({ level: flags['log.level'], format: flags['log.format'], stream: io.stderr });
  log.info({ version }, 'starting agent');
  const agent = createAgent({
    logFiles: flags['log.file'],
    charsets: flags['output.charset'],
    perfdata: flags['metrics.perfdata'] === true,
    checkCounters: flags['metrics.checkCounters'] === true,
    log,
  });
  const directories = flags['config.dir'];
  const loadDefinitions =
    directories === undefined
      ? () => Promise.resolve()
      : createDefinitionsLoader({ agent, directories, env: io.env, log });
  await loadDefinitions();

  let listener: Listener;
  try {
    listener = await listen({
      listenAddress: flags['web.listenAddress'],
      webConfigFile: flags['web.config.file'],
      handler: agent.handler,
      log,
    });
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    log.error(error.message);
    io.setExitCode(1);
    return;
  }
  const offReload = io.onSignal('SIGHUP', () => void loadDefinitions());
  await agent.start();
  log.info('ready');
  if (!io.stop.aborted) await once(io.stop, 'abort');

  log.info('stopping');
  offReload();
  await Promise.all([agent.stop(), listener.close()]);
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
