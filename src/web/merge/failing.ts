import type { LabelSet } from '../../alertmanager-api/matcher.ts';
import type { FailingCheck, Status } from '../model/cluster.ts';
import type { Known, Sample } from '../model/member.ts';

/** What one Prometheus knows of failing checks. */
export interface FailingTold {
  /** Whether it is behind the other: then its word counts only if there is no other. */
  readonly isBehind: boolean;
  readonly problems: Known<readonly Sample[]> | undefined;
  readonly executed: Known<readonly Sample[]> | undefined;
}

interface CheckLabels {
  readonly node: string;
  readonly check: string;
  readonly device: string;
  readonly address: string;
}

/** The name of a status as a script returns it: 0, 1, 2; everything else is unknown. */
export function statusOfCode(code: number): Status {
  return code === 0 ? 'ok' : code === 1 ? 'warning' : code === 2 ? 'critical' : 'unknown';
}

/** Failing checks by node, check, device and address: where both Prometheus have one, the later execution counts, then the fresher answer. */
export function mergeFailing(told: readonly FailingTold[], names: CheckLabels): FailingCheck[] {
  const current = told.some(({ isBehind, problems }) => !isBehind && problems !== undefined)
    ? told.filter(({ isBehind }) => !isBehind)
    : told;
  const keyOf = (labels: LabelSet): string =>
    JSON.stringify([labels[names.node], labels[names.check], labels[names.device], labels[names.address]]);
  const merged = new Map<string, FailingCheck & { readonly at: number }>();
  for (const { problems, executed } of current) {
    if (problems === undefined) continue;
    const times = new Map(executed?.value.map(({ labels, value }) => [keyOf(labels), value * 1000]));
    for (const { labels, value } of problems.value) {
      const key = keyOf(labels);
      const check = { labels, status: statusOfCode(value), executed: times.get(key), at: problems.at };
      const before = merged.get(key);
      if (before === undefined || isNewer(check, before)) merged.set(key, check);
    }
  }
  return [...merged.values()].map(({ labels, status, executed }) => ({ labels, status, executed }));
}

interface Dated {
  readonly executed: number | undefined;
  readonly at: number;
}

function isNewer(one: Dated, other: Dated): boolean {
  const [first = 0, second = 0] = [one.executed, other.executed];
  return first === second ? one.at > other.at : first > second;
}
