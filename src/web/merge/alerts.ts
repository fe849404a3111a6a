import type { ClusterAlert } from '../model/cluster.ts';
import type { MemberAlert } from '../model/member.ts';
import { usableOf, type Freshness, type Told, type Usable } from './usable.ts';

type Member = Told<ReadonlyMap<string, MemberAlert>>;

interface MergeAlertsOptions extends Freshness {
  /** When this program first saw an alert with this fingerprint; undefined if it has not. */
  readonly firstSeen: (fingerprint: string) => number | undefined;
  /** How long a member may lack an alert before that is told: two rounds. */
  readonly patience: number;
}

/**
 * The alerts of a cluster: the union of what its Alertmanagers have, for alerts are not gossiped. An alert is active if one of them says so:
 * that one notifies.
 */
export function mergeAlerts(
  members: readonly Member[],
  options: MergeAlertsOptions,
): ReadonlyMap<string, ClusterAlert> {
  const usable = usableOf(members, options);
  const merged = new Map<string, ClusterAlert>();
  for (const fingerprint of new Set(usable.flatMap(({ known }) => [...known.value.keys()]))) {
    merged.set(fingerprint, mergeOne(fingerprint, usable, options));
  }
  return merged;
}

function mergeOne(
  fingerprint: string,
  usable: readonly Usable<ReadonlyMap<string, MemberAlert>>[],
  { firstSeen, patience, now }: MergeAlertsOptions,
): ClusterAlert {
  const having = usable.flatMap(({ name, known }) => {
    const alert = known.value.get(fingerprint);
    return alert === undefined ? [] : [{ name, alert }];
  });
  const [first, ...others] = having.map(({ alert }) => alert).toSorted((a, b) => b.updatedAt - a.updatedAt);
  if (first === undefined) throw new Error('an alert that no Alertmanager has');
  const since = (firstSeen(fingerprint) ?? now) + patience;
  const isLacked = usable.some(({ known }) => !known.value.has(fingerprint) && known.at > since);
  const suppressing = having.filter(({ alert }) => alert.state === 'suppressed');
  const isActive = suppressing.length < having.length;
  return {
    ...first,
    startsAt: Math.min(first.startsAt, ...others.map(({ startsAt }) => startsAt)),
    state: isActive ? 'active' : 'suppressed',
    silencedBy: unionOf(having.map(({ alert }) => alert.silencedBy)),
    inhibitedBy: unionOf(having.map(({ alert }) => alert.inhibitedBy)),
    seenOnlyBy: isLacked ? having.map(({ name }) => name) : [],
    suppressedOnlyBy: isActive ? suppressing.map(({ name }) => name) : [],
  };
}

function unionOf(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
