import { createLogger, describeError, type Logger } from '../platform/log/log.ts';
import { App } from '../proxy/app.ts';
import { ProgramError } from '../quickstart/program.ts';
import { quickstart } from '../quickstart/quickstart.ts';
import type { Serving } from '../quickstart/steps.ts';
import type { CommandIo } from './command-io.ts';
import { startNode } from './quickstart-node.ts';

/** Runs the quickstart with the parts of this package. */
export async function runQuickstart(io: CommandIo): Promise<void> {
  const log = createLogger({ level: 'warn', format: 'logfmt', stream: io.stderr });
  // A closed terminal or pipe ends the quickstart as Ctrl-C does.
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
      startNode: (node) => startNode(node, io, log),
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
