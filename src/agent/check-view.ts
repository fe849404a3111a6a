import type { RequestListener } from 'node:http';
import type { Logger } from '../platform/log/log.ts';
import type { RunnerCounters } from '../runner/counters.ts';
import type { LogReader } from '../runner/log-reader.ts';
import { createAgentApi } from './api/agent-api.ts';
import { EvictionLog } from '../checks/eviction-log.ts';
import { createDecoder } from '../platform/text/charset.ts';
import { CheckStore } from '../checks/store.ts';
import { SYSTEM_CLOCK, type Clock } from '../checks/clock.ts';
import { Judge } from '../checks/judging/judge.ts';
import { NODE_BOUNDS, NodeChecks } from './node-checks.ts';
import { RemovedChecks } from './removed-checks.ts';
import { NO_DEFINITIONS } from '../checks/definitions.ts';
import type { LoadedConfiguration } from './loaded-configuration.ts';
import type { Reading } from '../checks/state.ts';
import { LogFollower } from './log/log-follower.ts';
import { parseResultLine } from '../checks/log-line/read.ts';
import { createAgentMetrics, type AgentMetrics } from './metrics/agent-metrics.ts';

export interface CheckViewOptions {
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
  /** The one of the logs that the runner in this process writes: it runs what the configuration says, and no other check. */
  readonly runnerLog?: string | undefined;
  /** Milliseconds of silence after which a check that no configuration defines is forgotten; undefined: never. */
  readonly forgetAfter?: number | undefined;
  readonly log: Logger;
  readonly clock?: Clock;
}

/** The node's checks, read from its log and shown over HTTP. */
export interface CheckView extends LogReader {
  readonly handler: RequestListener;
  /** Resolves when the log has been read up to its present end; what is added is followed until `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Takes over what the Sensu configuration says. By a whole one, checks that the runner in this process ran can be gone. */
  configure(loaded: LoadedConfiguration): void;
}

/** Throws a RangeError if a charset is unknown. */
export function createCheckView(options: CheckViewOptions): CheckView {
  const { log, clock = SYSTEM_CLOCK } = options;
  const { now } = clock;
  let definitions = NO_DEFINITIONS;
  let ready = false;

  const decode = createDecoder(options.charsets);
  const metrics = createAgentMetrics({
    now,
    perfdata: options.perfdata ? decode : undefined,
    checkCounters: options.checkCounters,
    definitions: true,
    runner: options.runner,
  });
  const bounds = new EvictionLog(log);
  const isDefined = (name: string): boolean => definitions.checks.has(name);
  const checks = new NodeChecks(createStore({ metrics, clock, isDefined, bounds }));
  const judge = new Judge({ clock });
  const shown = { checks, judge, metrics, decode, now, log };
  const gone = new RemovedChecks({ checks, metrics, forgetAfter: options.forgetAfter, now, log });
  const followers = options.logFiles.map((path) =>
    followLog(path, { onLine: createLineTaker(path === options.runnerLog), metrics, log }),
  );

  function createLineTaker(isRunners: boolean): OnLine {
    return function takeLine(line, reading) {
      const told = parseResultLine(line, decode);
      metrics.countLine(typeof told === 'string' ? told : 'ok');
      if (typeof told === 'string') return;
      if ('subdued' in told) checks.applySubdued(told);
      else if (isRunners && gone.isOfGone(told)) return;
      // The runs of the backlog were counted before the agent was restarted.
      else if (checks.apply(told, reading) && ready) metrics.countExecution(told);
      if (!('subdued' in told)) bounds.noteResult(told);
    };
  }

  return {
    handler: createAgentApi({ ...shown, definitions: () => definitions, isReady: () => ready }),
    async start() {
      await Promise.all(followers.map((follower) => follower.start()));
      gone.start();
      ready = true;
    },
    async stop() {
      gone.stop();
      bounds.flush();
      await Promise.all(followers.map((follower) => follower.stop()));
    },
    configure(loaded) {
      metrics.setConfiguration(loaded);
      if (loaded.kind === 'unusable') return;
      definitions = loaded.definitions;
      gone.define(loaded);
    },
    notePushed(result) {
      gone.notePushed(result);
    },
    takeLost(line) {
      followers[options.logFiles.indexOf(options.runnerLog ?? '')]?.takeLost(line);
    },
  };
}

interface StoreOptions {
  readonly metrics: AgentMetrics;
  readonly clock: Clock;
  readonly isDefined: (name: string) => boolean;
  readonly bounds: EvictionLog;
}

function createStore({ metrics, clock, isDefined, bounds }: StoreOptions): CheckStore {
  return new CheckStore({
    clock,
    isDefined,
    bounds: NODE_BOUNDS,
    onEvicted: ({ result }) => {
      metrics.countEviction(result);
      bounds.noteEvicted(result);
    },
  });
}

type OnLine = (line: Buffer, reading: Reading) => void;

function followLog(
  path: string,
  { onLine, metrics, log }: { onLine: OnLine; metrics: AgentMetrics; log: Logger },
): LogFollower {
  const onTooLong = (): void => {
    metrics.countLine('too_long');
    log.warn({ path }, 'skipped a line of more than 4 MiB');
  };
  return new LogFollower({ path, onLine, onTooLong, log: log.child({ path }) });
}
