import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { createCheckView, type CheckView } from '../../src/agent/check-view.ts';
import { listen } from './listen.ts';
import { createRecordedLog, type RecordedLog } from './recorded-log.ts';
import { resultLine } from './result-line.ts';
import { createTempFolder, type TempFolder } from './temp-folder.ts';
import { wholeConfiguration } from './whole-configuration.ts';

/** When agents start, in seconds since the epoch, unless a test says otherwise. */
export const NOW = 1_000_000;

/** One OK and two CRITICAL results, a minute apart. */
export const FAILURES = [
  resultLine({ executed: NOW - 300, issued: NOW - 300, status: 0 }),
  resultLine({ executed: NOW - 240, issued: NOW - 240, status: 2, output: 'full\n' }),
  resultLine({ executed: NOW - 180, issued: NOW - 180, status: 2, output: 'fuller\n' }),
];

export interface RememberingAgent {
  readonly view: CheckView;
  readonly url: string;
  readonly check: (name: string) => Promise<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

interface StartOptions {
  /** Seconds since the epoch. */
  readonly now?: number;
  /** How far the measuring clock has gone on at each look but the first. */
  readonly up?: number;
  readonly log?: RecordedLog;
}

/** A node whose agent remembers, and is started as often as a test wants. */
export interface RememberingNode {
  readonly folder: TempFolder;
  readonly recorded: RecordedLog;
  readonly logFile: string;
  readonly stateFile: string;
  readonly write: (...lines: string[]) => void;
  readonly startAgent: (options?: StartOptions) => Promise<RememberingAgent>;
  readonly dispose: () => Promise<void>;
}

export function createRememberingNode(): RememberingNode {
  const folder = createTempFolder();
  const recorded = createRecordedLog();
  const logFile = `${folder.path}/sensu-client.log`;
  const stateFile = `${folder.path}/state/agent-state.json`;
  let running: RememberingAgent | undefined;

  // An agent that starts at a time in seconds; its measuring clock starts at 0 and has gone on for `up` seconds at each look.
  async function startAgent({
    now = NOW,
    up = 0,
    log = recorded,
  }: StartOptions = {}): Promise<RememberingAgent> {
    if (!existsSync(`${folder.path}/state`)) mkdirSync(`${folder.path}/state`);
    let looks = 0;
    const view = createCheckView({
      logFiles: [logFile],
      stateFile,
      charsets: ['utf-8'],
      perfdata: false,
      checkCounters: false,
      definitionMetrics: false,
      log: log.log,
      clock: { now: () => now * 1000, elapsed: () => (looks++ === 0 ? 0 : up * 1000) },
    });
    view.configure(
      wholeConfiguration({
        client: undefined,
        checks: new Map([['check_disk', { command: 'check-disk', interval: 60 }]]),
      }),
    );
    await view.start();
    const server = await listen(view.handler);
    let isStopped = false;
    const agent = {
      view,
      url: server.url,
      check: async (name: string) =>
        (await (await fetch(`${server.url}/checks/${name}`)).json()) as Record<string, unknown>,
      stop: async () => {
        if (isStopped) return;
        isStopped = true;
        await view.stop();
        await server.close();
      },
    };
    running = agent;
    return agent;
  }

  return {
    folder,
    recorded,
    logFile,
    stateFile,
    write: (...lines) => {
      appendFileSync(logFile, lines.map((line) => `${line}\n`).join(''));
    },
    startAgent,
    dispose: async () => {
      await running?.stop();
      folder.remove();
    },
  };
}
