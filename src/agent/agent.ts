import type { RequestListener } from 'node:http';
import type { Logger } from '../platform/log.ts';
import type { RunnerCounters } from '../runner/counters.ts';
import { createAgentApi } from './api/agent-api.ts';
import { createDecoder } from './charset.ts';
import { CheckStore } from './check-store.ts';
import { NO_DEFINITIONS, type Definitions } from './definitions.ts';
import { LogFollower, type Reading } from './log/log-follower.ts';
import { parseResultLine } from './log/result-line.ts';
import { createAgentMetrics } from './metrics/agent-metrics.ts';

export interface AgentOptions {
  /** Logs of sensu-client or of the runner; they need not exist yet. */
  readonly logFiles: readonly string[];
  /** What the scripts' output may be written in, tried in this order (WHATWG labels). */
  readonly charsets: readonly string[];
  /** Whether `/metrics` has the performance data that Nagios plugins print. */
  readonly perfdata: boolean;
  /** Whether `/metrics` counts runs and timeouts of each check. */
  readonly checkCounters: boolean;
  /** Of the runner in this process, for `/metrics`. */
  readonly runner?: Readonly<RunnerCounters> | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The node's checks, read from its log and shown over HTTP. */
export interface Agent {
  readonly handler: RequestListener;
  /** Resolves when the log has been read up to its present end; what is added is followed until `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Takes over what the Sensu configuration says. */
  configure(definitions: Definitions): void;
  /** To be told that a part of the configuration could not be read. */
  configurationFailed(): void;
}

/** Throws a RangeError if a charset is unknown. */
export function createAgent(options: AgentOptions): Agent {
  const { log, now = Date.now } = options;
  let definitions = NO_DEFINITIONS;
  let ready = false;

  const decode = createDecoder(options.charsets);
  const metrics = createAgentMetrics({
    now,
    perfdata: options.perfdata ? decode : undefined,
    checkCounters: options.checkCounters,
    runner: options.runner,
  });
  const store = new CheckStore({
    now,
    onEvicted: ({ result: { name, source } }) => {
      metrics.countEviction({ name, source });
      log.warn({ check: name, source }, 'too many checks, the one that was silent longest is forgotten');
    },
  });
  const followers = options.logFiles.map((path) => {
    const onTooLong = (): void => {
      metrics.countLine('too_long');
      log.warn({ path }, 'skipped a line of more than 4 MiB');
    };
    return new LogFollower({ path, onLine: takeLine, onTooLong, log: log.child({ path }) });
  });

  function takeLine(line: Buffer, reading: Reading): void {
    const told = parseResultLine(line, decode);
    metrics.countLine(typeof told === 'string' ? told : 'ok');
    if (typeof told === 'string') return;
    if ('subdued' in told) store.applySubdued(told);
    // The runs of the backlog were counted before the agent was restarted.
    else if (store.apply(told, reading) && ready) metrics.countExecution(told);
  }

  return {
    handler: createAgentApi({
      store,
      definitions: () => definitions,
      metrics,
      decode,
      isReady: () => ready,
      now,
      log,
    }),
    async start() {
      await Promise.all(followers.map((follower) => follower.start()));
      ready = true;
    },
    async stop() {
      await Promise.all(followers.map((follower) => follower.stop()));
    },
    configure(newDefinitions) {
      definitions = newDefinitions;
      metrics.setConfigReloaded(true);
    },
    configurationFailed() {
      metrics.setConfigReloaded(false);
    },
  };
}
