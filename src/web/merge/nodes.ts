import type { LabelSet } from '../../alertmanager-api/matcher.ts';
import type { ClusterNode, NodeState } from '../model/cluster.ts';
import type { Known, Sample } from '../model/member.ts';

/** What one Prometheus knows of the nodes. */
export interface NodesTold {
  readonly name: string;
  /** Whether its scrapes are new: only then its word on up or down counts. */
  readonly isFresh: boolean;
  readonly nodes: Known<readonly Sample[]> | undefined;
  /** The nodes that it does not reach; newer than `nodes`. */
  readonly down: Known<readonly Sample[]> | undefined;
  readonly knownChecks: Known<readonly Sample[]> | undefined;
}

interface NodeLabels {
  readonly node: string;
  readonly address: string;
}

/** The name of the node to which a series belongs: its label, or the address without one. */
function nodeNameOf(labels: LabelSet, names: NodeLabels): string {
  return labels[names.node] ?? labels[names.address] ?? '';
}

/** The nodes of a cluster by name: up if a fresh Prometheus reaches them, split if another fresh one does not. */
export function mergeNodes(
  cluster: string,
  told: readonly NodesTold[],
  names: NodeLabels,
): ReadonlyMap<string, ClusterNode> {
  const found = new Map<string, Gathered>();
  for (const one of told) gather(one, found, names);
  return new Map(
    [...found]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { targets, reachedBy, missedBy, knownChecks }]) => [
        name,
        {
          cluster,
          name,
          state: stateOf(reachedBy, missedBy),
          reachedBy: [...reachedBy],
          missedBy: [...missedBy],
          targets: [...targets.values()],
          knownChecks,
        },
      ]),
  );
}

interface Gathered {
  readonly targets: Map<string, LabelSet>;
  readonly reachedBy: Set<string>;
  readonly missedBy: Set<string>;
  knownChecks: number | undefined;
}

function gather(told: NodesTold, found: Map<string, Gathered>, names: NodeLabels): void {
  const { name: prometheus, isFresh, nodes, down, knownChecks } = told;
  // Asked more often than all nodes are: it may know better by now.
  const isNewer = down !== undefined && nodes !== undefined && down.at >= nodes.at;
  const isDown = new Set(down?.value.map(({ labels }) => labels[names.address]));
  for (const { labels, value } of nodes?.value ?? []) {
    const name = nodeNameOf(labels, names);
    const entry = found.get(name) ?? {
      targets: new Map(),
      reachedBy: new Set(),
      missedBy: new Set(),
      knownChecks: undefined,
    };
    found.set(name, entry);
    entry.targets.set(labels[names.address] ?? '', labels);
    if (!isFresh) continue;
    const isUp = isNewer ? !isDown.has(labels[names.address]) : value !== 0;
    (isUp ? entry.reachedBy : entry.missedBy).add(prometheus);
  }
  for (const { labels, value } of knownChecks?.value ?? []) {
    const entry = found.get(nodeNameOf(labels, names));
    if (entry !== undefined) entry.knownChecks = Math.max(entry.knownChecks ?? 0, value);
  }
}

function stateOf(reachedBy: ReadonlySet<string>, missedBy: ReadonlySet<string>): NodeState {
  if (reachedBy.size > 0) return missedBy.size > 0 ? 'split' : 'up';
  return missedBy.size > 0 ? 'down' : 'unknown';
}
