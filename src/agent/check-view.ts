import type { RequestListener } from 'node:http';
import type { Logger } from '../platform/log/log.ts';
import type { RunnerCounters } from '../runner/counters.ts';
import { createAgentApi } from './api/agent-api.ts';
import { EvictionLog } from '../checks/eviction-log.ts';
import { createDecoder } from '../platform/text/charset.ts';
import { CheckStore } from '../checks/store.ts';
import { SYSTEM_CLOCK, type Clock } from '../checks/clock.ts';
import { Judge } from '../checks/judging/judge.ts';
import { NODE_BOUNDS, NodeChecks } from './node-checks.ts';
import type { LogPosition } from './log/log-position.ts';
import { createLogs } from './log/logs.ts';
import { createMemory } from './state/memory.ts';
import { ResultIntake } from './result-intake.ts';
import { RemovedChecks } from './removed-checks.ts';
import { NO_DEFINITIONS } from '../checks/definitions.ts';
import type { LoadedConfiguration } from './loaded-configuration.ts';
import type { ResultSink } from '../checks/result-sink.ts';
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
  /** Whether `/metrics` shows what the definitions of the checks say, too. */
  readonly definitionMetrics: boolean;
  /** Of the runner in this process, for `/metrics`. */
  readonly runner?: Readonly<RunnerCounters> | undefined;
  /** The one of the logs that the runner in this process writes. It is read at the start only. */
  readonly runnerLog?: string | undefined;
  /** Milliseconds of silence after which a check that no configuration defines is forgotten; undefined: never. */
  readonly forgetAfter?: number | undefined;
  /** Where to remember what is known from one start to the next; undefined: nowhere. */
  readonly stateFile?: string | undefined;
  readonly log: Logger;
  readonly clock?: Clock;
}

/** The node's checks, read from its logs or taken from its runner, and shown over HTTP. */
export interface CheckView extends ResultSink {
  readonly handler: RequestListener;
  /**
   * Resolves when the logs have been read up to their present ends. What is added is followed until `stop`. Results of a
   * runner in this process come after that.
   */
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
    definitions: options.definitionMetrics,
    runner: options.runner,
  });
  const evictions = new EvictionLog(log);
  const isDefined = (name: string): boolean => definitions.checks.has(name);
  const checks = new NodeChecks(createStore({ metrics, clock, isDefined, evictions }));
  const judge = new Judge({ clock });
  const removed = new RemovedChecks({ checks, metrics, forgetAfter: options.forgetAfter, now, log });
  const intake = new ResultIntake({ checks, removed, metrics, evictions, decode });
  let known: readonly LogPosition[] = [];
  const logs = createLogs({ ...options, intake, metrics, known: () => known });
  const memory = createMemory(options, () => ({
    ...checks.remember(),
    found: judge.found,
    positions: logs.positions(),
  }));
  const api = { checks, judge, metrics, decode, now, log };

  return {
    handler: createAgentApi({ ...api, definitions: () => definitions, isReady: () => ready }),
    async start() {
      const remembered = await memory?.load();
      if (remembered !== undefined) {
        checks.restore(remembered);
        judge.restore(remembered.found);
        known = remembered.positions;
      }
      await logs.start();
      known = [];
      removed.start();
      intake.countRuns();
      ready = true;
      memory?.start();
    },
    async stop() {
      removed.stop();
      evictions.flush();
      await memory?.stop();
      await logs.stop();
    },
    configure(loaded) {
      metrics.setConfiguration(loaded);
      if (loaded.kind === 'unusable') return;
      definitions = loaded.definitions;
      removed.define(loaded);
    },
    result(line, origin) {
      logs.result(line, origin);
    },
  };
}

interface StoreOptions {
  readonly metrics: AgentMetrics;
  readonly clock: Clock;
  readonly isDefined: (name: string) => boolean;
  readonly evictions: EvictionLog;
}

function createStore({ metrics, clock, isDefined, evictions }: StoreOptions): CheckStore {
  return new CheckStore({
    clock,
    isDefined,
    bounds: NODE_BOUNDS,
    onEvicted: ({ result }) => {
      metrics.countEviction(result);
      evictions.noteEvicted(result);
    },
  });
}
