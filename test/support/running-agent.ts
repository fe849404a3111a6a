import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCheckView, type CheckView } from '../../src/agent/check-view.ts';
import { listen } from './listen.ts';
import { createSilentLog } from './silent-log.ts';
import { createTempFolder } from './temp-folder.ts';

/** An agent that follows a log in a folder of its own and serves on loopback. */
export interface RunningAgent {
  readonly agent: CheckView;
  readonly url: string;
  readonly logFile: string;
  /** Adds lines to the log; they are read within half a second, or by `start`. */
  readonly write: (...lines: (string | Buffer)[]) => void;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** The JSON at a path; fails unless the status is 200. */
  readonly json: (path: string) => Promise<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

interface RunningAgentOptions {
  readonly charsets?: readonly string[];
  readonly perfdata?: boolean;
  readonly checkCounters?: boolean;
  /** Whether the log is that of a runner in the same process. */
  readonly isRunners?: boolean;
  readonly forgetAfter?: number;
  /** Seconds since the epoch. */
  readonly now?: number;
}

export async function createRunningAgent({
  charsets = ['utf-8'],
  perfdata = false,
  checkCounters = false,
  isRunners = false,
  forgetAfter,
  now = 1_000_000,
}: RunningAgentOptions = {}): Promise<RunningAgent> {
  const folder = createTempFolder();
  const logFile = join(folder.path, 'sensu-client.log');
  const agent = createCheckView({
    logFiles: [logFile],
    charsets,
    perfdata,
    checkCounters,
    definitionMetrics: false,
    runnerLog: isRunners ? logFile : undefined,
    forgetAfter,
    log: createSilentLog(),
    clock: { now: () => now * 1000, elapsed: () => now * 1000 },
  });
  const server = await listen(agent.handler);
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(server.url + path, init);
  return {
    agent,
    url: server.url,
    logFile,
    write: (...lines) => {
      for (const line of lines)
        appendFileSync(logFile, Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
    },
    get,
    json: async (path) => {
      const response = await get(path);
      if (response.status !== 200)
        throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    stop: async () => {
      await agent.stop();
      await server.close();
      folder.remove();
    },
  };
}
