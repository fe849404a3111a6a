import type { ClusterSnapshot, NodeState, Problem, Status } from '../model/cluster.ts';

/** How many problems of each kind. */
export interface ProblemCounts {
  /** By status, of what nobody handles. */
  readonly unhandled: Readonly<Record<Exclude<Status, 'ok'>, number>>;
  readonly silenced: number;
  readonly inhibited: number;
  readonly noAlert: number;
}

/** Counts problems by state and status. */
export function countProblems(problems: readonly Problem[]): ProblemCounts {
  const unhandled = { critical: 0, warning: 0, unknown: 0, other: 0 };
  let [silenced, inhibited, noAlert] = [0, 0, 0];
  for (const { state, status } of problems) {
    if (state === 'silenced') silenced += 1;
    else if (state === 'inhibited') inhibited += 1;
    else if (status !== 'ok') unhandled[status] += 1;
    if (state === 'no_alert') noAlert += 1;
  }
  return { unhandled, silenced, inhibited, noAlert };
}

/** How many nodes are in each state. */
export function countNodes({ nodes }: Pick<ClusterSnapshot, 'nodes'>): Readonly<Record<NodeState, number>> {
  const counts: Record<NodeState, number> = { up: 0, down: 0, split: 0, unknown: 0 };
  for (const { state } of nodes.values()) counts[state] += 1;
  return counts;
}

/** All that nobody handles. */
export function sumOf({ unhandled }: Pick<ProblemCounts, 'unhandled'>): number {
  return Object.values(unhandled).reduce((sum, count) => sum + count, 0);
}

/** One check over the fleet. */
export interface CheckSummary {
  readonly check: string;
  readonly counts: Readonly<Record<Exclude<Status, 'ok'>, number>>;
  readonly silenced: number;
  readonly nodes: number;
  /** When the oldest of its problems began, in milliseconds since 1970; undefined if nobody knows. */
  readonly oldest: number | undefined;
}

/** One row for each check that has problems, the one with most of them first. */
export function summariseChecks(problems: readonly Problem[]): CheckSummary[] {
  const byCheck = new Map<string, Problem[]>();
  for (const problem of problems) {
    if (problem.check === '') continue;
    const before = byCheck.get(problem.check);
    if (before === undefined) byCheck.set(problem.check, [problem]);
    else before.push(problem);
  }
  return [...byCheck]
    .map(([check, all]) => {
      const { unhandled, silenced } = countProblems(all);
      const oldest = Math.min(...all.map(({ since }) => since ?? Infinity));
      return {
        check,
        counts: unhandled,
        silenced,
        nodes: new Set(all.map(({ cluster, node }) => `${cluster}/${node}`)).size,
        oldest: Number.isFinite(oldest) ? oldest : undefined,
      };
    })
    .sort((one, other) => other.nodes - one.nodes || (one.check < other.check ? -1 : 1));
}
