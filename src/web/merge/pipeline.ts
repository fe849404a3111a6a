import type { ClusterAlert } from '../model/cluster.ts';
import type { Known, Sample } from '../model/member.ts';

interface Counted {
  /** Undefined if no Prometheus said. */
  readonly firing: number | undefined;
  readonly known: number;
  readonly missing: number;
}

/** Alerts that fire in Prometheus against those that an Alertmanager knows, by alertname: of the members of a pair, the one with more. */
export function comparePipeline(
  told: readonly (Known<readonly Sample[]> | undefined)[],
  alerts: Iterable<ClusterAlert>,
): Counted {
  const known = new Map<string, number>();
  for (const { labels } of alerts) {
    const name = labels['alertname'] ?? '';
    known.set(name, (known.get(name) ?? 0) + 1);
  }
  const firing = new Map<string, number>();
  for (const { labels, value } of told.flatMap((one) => one?.value ?? [])) {
    if (labels['alertstate'] !== 'firing') continue;
    const name = labels['alertname'] ?? '';
    firing.set(name, Math.max(firing.get(name) ?? 0, value));
  }
  const missing = [...firing].map(([name, count]) => Math.max(0, count - (known.get(name) ?? 0)));
  return {
    firing: told.every((one) => one === undefined) ? undefined : sum(firing.values()),
    known: sum(known.values()),
    missing: sum(missing),
  };
}

/** Whether so many are missing that something is wrong: more than a tenth. */
export function isLeaking({ firing, missing }: Counted): boolean {
  return firing !== undefined && missing > firing / 10;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}
