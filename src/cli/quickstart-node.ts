import { NodeAgent } from '../agent/node.ts';
import type { Logger } from '../platform/log/log.ts';
import type { DemoNode } from '../quickstart/demo-node.ts';
import type { Serving } from '../quickstart/steps.ts';
import type { CommandIo } from './command-io.ts';

const OUTPUT_LIMIT = 64 * 1024;

/** Runs the checks of a node, and its agent on a free loopback port: `agent --with-runner`. */
export async function startNode(
  { configDirectory, logFile }: DemoNode,
  { env, stdout, halt }: CommandIo,
  log: Logger,
): Promise<Serving> {
  const node = new NodeAgent({
    listenAddress: '127.0.0.1:0',
    logFiles: [logFile],
    charsets: ['utf-8'],
    perfdata: false,
    checkCounters: false,
    definitionMetrics: false,
    configDirectories: [configDirectory],
    runner: { logFile, outputLimit: OUTPUT_LIMIT, stdout, halt },
    env,
    log,
  });
  return { url: await node.start(), stop: () => node.stop() };
}
