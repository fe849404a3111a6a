import type { Command } from 'commander';
import { createLogger, describeError, type Logger } from '../platform/log.ts';
import { App } from '../proxy/app.ts';
import { ProgramError } from '../quickstart/program.ts';
import { quickstart } from '../quickstart/quickstart.ts';
import type { Serving } from '../quickstart/steps.ts';
import type { CommandIo } from './command-io.ts';

/** `quickstart`: the main job on one machine with nothing to configure, until Ctrl-C. */
export function addQuickstartCommand(program: Command, io: CommandIo): void {
  program
    .command('quickstart')
    .description(
      'Show the whole thing working on this machine: demo nodes, Prometheus, the proxy, Alertmanager.',
    )
    .action(() => runQuickstart(io));
}

async function runQuickstart(io: CommandIo): Promise<void> {
  const log = createLogger({ level: 'warn', format: 'logfmt', stream: io.stderr });
  // A terminal or a pipe that has gone away ends it as Ctrl-C does.
  const gone = new AbortController();
  const offHangup = io.onSignal('SIGHUP', () => {
    gone.abort();
  });
  io.stdout.on('error', () => {
    gone.abort();
  });
  try {
    await quickstart({
      env: io.env,
      log,
      print: (text) => io.stdout.write(text),
      signal: AbortSignal.any([io.stop, gone.signal]),
      halt: io.halt,
      startProxy: (configFile) => startProxy(configFile, log),
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    io.stderr.write(`${describeError(error)}\n`);
    io.setExitCode(1);
  } finally {
    offHangup();
  }
}

async function startProxy(configFile: string, log: Logger): Promise<Serving> {
  const app = new App({
    configFile,
    listenAddress: '127.0.0.1:0',
    routePrefix: '/',
    enableLifecycle: false,
    log,
  });
  return { url: await app.start(), stop: () => app.stop() };
}
