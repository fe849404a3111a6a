import { Gauge, type Registry } from 'prom-client';
import { NODE_LABELS, type CheckLabels } from './check-labels.ts';
import type { JudgedCheck } from './judging/judge.ts';
import { SEVERITIES, type Problem } from './judging/problem.ts';

/** Writes the series of all problems into a registry, from scratch each time: a problem that is over leaves none. */
export type UpdateProblemMetrics = (checks: readonly JudgedCheck[]) => void;

interface ProblemMetricsOptions {
  readonly registry: Registry;
  readonly labels?: CheckLabels;
}

/** The series that rules read: there is one only where something is wrong, or unknown. */
export function createProblemMetrics({
  registry,
  labels = NODE_LABELS,
}: ProblemMetricsOptions): UpdateProblemMetrics {
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labels.names, ...labelNames], registers: [registry] });
  const ofProblems = ['problem', 'severity', 'rare'];
  const problem = gauge('check_problem', PROBLEM_HELP, ofProblems);
  const timestamp = gauge(
    'check_problem_timestamp_seconds',
    'When the check that has the problem ran last.',
    ofProblems,
  );
  const occurrences = gauge(
    'check_problem_occurrences',
    'Results in a row with the status that failed.',
    ofProblems,
  );
  const unknown = gauge('check_unknown', 'Always 1, for each defined check of which no result is known.', []);

  return function update(checks) {
    for (const metric of [problem, timestamp, occurrences, unknown]) metric.reset();
    for (const { check, problems } of checks) {
      if (check.state === undefined) unknown.set({ ...labels.of(check) }, 1);
      for (const found of problems) {
        const series = { ...labels.of(check), ...problemLabelsOf(found) };
        problem.set(series, found.status);
        if (check.state !== undefined) timestamp.set(series, check.state.result.executed);
        if (found.kind === 'failed') occurrences.set(series, found.occurrences);
      }
    }
  };
}

export const PROBLEM_HELP =
  'What is wrong with a check, as 1 WARNING, 2 CRITICAL, 3 UNKNOWN: failed, silent, ttl (passed), never_ran.';

/** The labels of a problem's series, beside those of its check. */
export function problemLabelsOf(problem: Problem): Readonly<Record<string, string>> {
  const isRare = problem.kind === 'never_ran' && problem.isRare;
  return {
    problem: problem.kind,
    severity: SEVERITIES[problem.status],
    ...(isRare && { rare: 'true' }),
  };
}
