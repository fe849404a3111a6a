import { createAgent } from '../agent/agent.ts';
import type { Logger } from '../platform/log.ts';
import { listen } from '../platform/web/listener.ts';
import type { DemoNode } from '../quickstart/demo-node.ts';
import type { Serving } from '../quickstart/steps.ts';
import { createRunner } from '../runner/runner.ts';
import { createDefinitionsLoader } from './agent-definitions.ts';
import type { CommandIo } from './command-io.ts';

const OUTPUT_LIMIT = 64 * 1024;

/** Runs the checks of a node, and its agent on a free loopback port: `agent --with-runner`. */
export async function startNode(
  { configDirectory, logFile }: DemoNode,
  { env, stdout, halt }: CommandIo,
  log: Logger,
): Promise<Serving> {
  const runner = createRunner({
    configDirectories: [configDirectory],
    logFile,
    stdout,
    outputLimit: OUTPUT_LIMIT,
    env,
    logger: log,
    halt,
  });
  const agent = createAgent({
    logFiles: [logFile],
    charsets: ['utf-8'],
    perfdata: false,
    checkCounters: false,
    runner: runner.counters,
    log,
  });
  const load = createDefinitionsLoader({ agent, directories: [configDirectory], env, log: undefined });
  const listener = await listen({ listenAddress: '127.0.0.1:0', handler: agent.handler, log });
  await runner.start();
  await load();
  await agent.start();
  return {
    url: listener.url,
    stop: async () => {
      await Promise.all([listener.close(), runner.stop()]);
      await agent.stop();
    },
  };
}
