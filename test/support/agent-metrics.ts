import { createDecoder } from '../../src/platform/text/charset.ts';
import { CheckStore } from '../../src/checks/store.ts';
import type { CheckResult } from '../../src/checks/result.ts';
import { NO_DEFINITIONS, type Definitions } from '../../src/checks/definitions.ts';
import { Judge } from '../../src/checks/judging/judge.ts';
import { NODE_BOUNDS, NodeChecks } from '../../src/agent/node-checks.ts';
import { createAgentMetrics, type AgentMetrics } from '../../src/agent/metrics/agent-metrics.ts';

const now = (): number => 5000;
const clock = { now, elapsed: now };

/** The metrics of an agent, five seconds after the epoch. */
export function createMetrics({
  perfdata = false,
  checkCounters = false,
  withDefinitions = true,
} = {}): AgentMetrics {
  return createAgentMetrics({
    now,
    perfdata: perfdata ? createDecoder(['utf-8']) : undefined,
    checkCounters,
    definitions: withDefinitions,
    runner: undefined,
  });
}

/** The checks of a node that has none yet. */
export function createChecks(): NodeChecks {
  return new NodeChecks(new CheckStore({ clock, onEvicted: () => undefined, bounds: NODE_BOUNDS }));
}

/** What `/metrics` shows of a node's checks. */
export function scrapeChecks(
  metrics: AgentMetrics,
  checks: NodeChecks,
  definitions: Definitions,
): Promise<string> {
  return metrics.scrape(new Judge({ clock }).judge(checks.list(definitions)), definitions.checks.size);
}

/** What `/metrics` shows of these results. */
export function scrapeResults(
  results: readonly CheckResult[],
  {
    metrics = createMetrics(),
    definitions = NO_DEFINITIONS,
  }: { metrics?: AgentMetrics; definitions?: Definitions } = {},
): Promise<string> {
  const checks = createChecks();
  for (const result of results) checks.apply(result);
  return scrapeChecks(metrics, checks, definitions);
}
