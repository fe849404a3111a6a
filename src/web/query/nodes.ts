import type { ClusterNode, ClusterSnapshot, NodeState, Problem } from '../model/cluster.ts';
import { countProblems, sumOf, type ProblemCounts } from './counts.ts';
import type { ListQuery } from './list-query.ts';

/** A node, and how its checks do. */
export interface NodeRow extends ClusterNode {
  readonly counts: ProblemCounts;
}

export const NODE_STATES = ['down', 'split', 'unknown', 'up'] as const satisfies readonly NodeState[];

/** The nodes that a query means: those that need somebody first. */
export function findNodes(
  snapshots: readonly ClusterSnapshot[],
  { filter, show }: Pick<ListQuery, 'filter' | 'show'>,
): NodeRow[] {
  const rows = snapshots.flatMap((snapshot) => {
    const byNode = problemsByNode(snapshot.problems);
    return [...snapshot.nodes.values()]
      .filter(({ state }) => show === '' || show === 'problems' || state === show)
      .filter(({ name, targets }) =>
        targets.some((labels) =>
          filter.matches(
            { ...labels, client: labels['client'] ?? name },
            Object.values(labels).join('\n').toLowerCase(),
          ),
        ),
      )
      .map((node) => ({ ...node, counts: countProblems(byNode.get(node.name) ?? []) }));
  });
  const shown =
    show === 'problems' ? rows.filter((row) => sumOf(row.counts) > 0 || row.state !== 'up') : rows;
  return shown.sort((one, other) => rankOf(one) - rankOf(other) || (one.name < other.name ? -1 : 1));
}

/** Problems by the name of their node. */
function problemsByNode(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const byNode = new Map<string, Problem[]>();
  for (const problem of problems) {
    const before = byNode.get(problem.node);
    if (before === undefined) byNode.set(problem.node, [problem]);
    else before.push(problem);
  }
  return byNode;
}

function rankOf({ state, counts }: NodeRow): number {
  const { critical, warning, unknown } = counts.unhandled;
  return NODE_STATES.indexOf(state) * 10 + (critical > 0 ? 0 : unknown > 0 ? 1 : warning > 0 ? 2 : 3);
}
