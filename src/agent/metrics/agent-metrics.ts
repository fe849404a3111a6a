import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { version } from '../../platform/file/package-files.ts';
import type { RunnerCounters } from '../../runner/counters.ts';
import type { Decoder } from '../../platform/text/charset.ts';
import { isTimedOut, type CheckResult } from '../../checks/result.ts';
import type { JudgedCheck } from '../../checks/judging/judge.ts';
import type { LoadedConfiguration } from '../loaded-configuration.ts';
import { labelsOf } from '../../checks/check-labels.ts';
import { createCheckMetrics } from '../../checks/check-metrics.ts';
import { createProblemMetrics } from '../../checks/problem-metrics.ts';
import { createConfigurationMetrics } from './configuration-metrics.ts';
import { createRunnerMetrics } from './runner-metrics.ts';

/** What became of a line of the log: a result, something else, or nothing readable. */
const LINE_OUTCOMES = ['ok', 'ignored', 'invalid_json', 'too_long'] as const;

export type LineOutcome = (typeof LINE_OUTCOMES)[number];

/** The agent's metrics: those of the checks, and those of the agent itself under `check_agent_`. */
export interface AgentMetrics {
  countLine(outcome: LineOutcome): void;
  /** Counts a run of a check, if run counters are on. */
  countExecution(result: CheckResult): void;
  /** Counts a check that had to be forgotten. */
  countEviction(check: Pick<CheckResult, 'name' | 'source'>): void;
  /** Forgets the counters of a removed check. */
  forget(check: Pick<CheckResult, 'name' | 'source'>): void;
  /** Shows what loading the Sensu configuration came to. */
  setConfiguration(loaded: LoadedConfiguration): void;
  /** Prometheus' text format. `defined`: how many checks the configuration says this node runs. */
  scrape(checks: readonly JudgedCheck[], defined: number): Promise<string>;
  readonly contentType: string;
}

interface AgentMetricsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Reads outputs for `check_perfdata`; undefined: without. */
  readonly perfdata: Decoder | undefined;
  /** Whether to count runs and timeouts of each check. */
  readonly checkCounters: boolean;
  /** Whether to show what the checks' definitions say. */
  readonly definitions: boolean;
  /** Of the runner in this process, if there is one. */
  readonly runner: Readonly<RunnerCounters> | undefined;
}

export function createAgentMetrics({
  now,
  perfdata,
  checkCounters,
  definitions,
  runner,
}: AgentMetricsOptions): AgentMetrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  gauge(registry, 'check_agent_build_info', 'Always 1, with the version.', ['version']).set({ version }, 1);
  const time = gauge(registry, 'check_agent_time_seconds', "The node's time at this scrape.");
  const lastRead = gauge(
    registry,
    'check_agent_log_last_read_timestamp_seconds',
    'When a line was read last; 0: never.',
  );
  const evicted = counter(
    registry,
    'check_agent_evicted_checks_total',
    'Checks forgotten because there are too many.',
  );
  const lines = counter(registry, 'check_agent_log_lines_total', 'Lines of the log by what became of them.', [
    'result',
  ]);
  for (const result of LINE_OUTCOMES) lines.inc({ result }, 0);
  const checks = checkCounters ? createCheckCounters(registry) : undefined;
  const known = gauge(registry, 'check_agent_known_checks', 'Checks with a result, a definition, or both.');
  const defined = gauge(registry, 'check_agent_defined_checks', 'Checks that the configuration defines.');
  const updateChecks = createCheckMetrics({ registry, perfdata, definitions });
  const updateProblems = createProblemMetrics({ registry });
  if (runner !== undefined) createRunnerMetrics(registry, runner);

  return {
    countLine(result) {
      lines.inc({ result });
      lastRead.set(now() / 1000);
    },
    countExecution(result) {
      checks?.count(result);
    },
    countEviction(check) {
      evicted.inc();
      checks?.forget(check);
    },
    forget(check) {
      checks?.forget(check);
    },
    setConfiguration: createConfigurationMetrics(registry),
    scrape(checks, definedChecks) {
      time.set(now() / 1000);
      known.set(checks.length);
      defined.set(definedChecks);
      updateChecks(checks.map(({ check }) => check));
      updateProblems(checks);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

// Without those of Node's inside, some hundred series: on 20,000 nodes they would outnumber the checks.
function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (!name.startsWith('process_')) registry.removeSingleMetric(name);
  }
}

interface CheckCounters {
  count(result: CheckResult): void;
  forget(check: Pick<CheckResult, 'name' | 'source'>): void;
}

function createCheckCounters(registry: Registry): CheckCounters {
  const labelNames = ['check', 'source'];
  const executions = counter(
    registry,
    'check_executions_total',
    'Results since the agent started.',
    labelNames,
  );
  const timeouts = counter(
    registry,
    'check_timeouts_total',
    'Of these, runs ended by their timeout.',
    labelNames,
  );
  return {
    count(result) {
      executions.inc(labelsOf(result));
      timeouts.inc(labelsOf(result), isTimedOut(result) ? 1 : 0);
    },
    forget(check) {
      executions.remove({ ...labelsOf(check) });
      timeouts.remove({ ...labelsOf(check) });
    },
  };
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[] = []): Gauge {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

function counter(registry: Registry, name: string, help: string, labelNames: string[] = []): Counter {
  return new Counter({ name, help, labelNames, registers: [registry] });
}
