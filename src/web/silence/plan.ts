import type { ClusterAlert, ClusterSnapshot } from '../model/cluster.ts';
import type { SilenceMatcher } from '../model/member.ts';
import { hitTest } from '../merge/silences.ts';

/** A silence that would be made, and what it would hit now. */
export interface PlannedSilence {
  readonly cluster: string;
  readonly matchers: readonly SilenceMatcher[];
  /** Alerts that it hits now. */
  readonly hits: readonly ClusterAlert[];
  /** Those of them that were not picked. */
  readonly alsoHits: readonly ClusterAlert[];
}

/** One alert, as a reader picks it. */
export interface PickedAlert {
  readonly cluster: string;
  readonly fingerprint: string;
}

interface LabelNames {
  readonly node: string;
  readonly check: string;
}

/** The silences with these matchers, one for each cluster. */
export function planMatchers(
  snapshots: readonly ClusterSnapshot[],
  matchers: readonly SilenceMatcher[],
): PlannedSilence[] {
  return snapshots.map((snapshot) => {
    const hits = hitsOf(snapshot, matchers);
    return { cluster: snapshot.name, matchers, hits, alsoHits: [] };
  });
}

/**
 * Few silences for many alerts: one for each cluster and check, over all nodes that were picked. A silence spreads between Alertmanagers
 * slowly when there are hundreds. The severity is no part of it: WARNING turns into CRITICAL, which is another alert.
 */
export function planPicked(
  snapshots: readonly ClusterSnapshot[],
  picked: readonly PickedAlert[],
  names: LabelNames,
): PlannedSilence[] {
  return snapshots.flatMap((snapshot) => {
    const fingerprints = new Set(
      picked.filter(({ cluster }) => cluster === snapshot.name).map(({ fingerprint }) => fingerprint),
    );
    const alerts = [...fingerprints].flatMap((fingerprint) => snapshot.alerts.get(fingerprint) ?? []);
    const groups = new Map<string, ClusterAlert[]>();
    for (const alert of alerts) {
      const key = JSON.stringify(subjectOf(alert, names));
      groups.set(key, [...(groups.get(key) ?? []), alert]);
    }
    return [...groups.values()].map((group) => {
      const matchers = matchersFor(group, names);
      const hits = hitsOf(snapshot, matchers);
      const alsoHits = hits.filter(({ fingerprint }) => !fingerprints.has(fingerprint));
      return { cluster: snapshot.name, matchers, hits, alsoHits };
    });
  });
}

function hitsOf({ alerts }: ClusterSnapshot, matchers: readonly SilenceMatcher[]): ClusterAlert[] {
  const isHit = hitTest(matchers);
  return [...alerts.values()].filter(({ labels }) => isHit(labels));
}

// What the alerts of one silence have in common: the check, or the name of the alert.
function subjectOf({ labels }: ClusterAlert, { check }: LabelNames): { name: string; value: string } {
  const name = (labels[check] ?? '') === '' ? 'alertname' : check;
  return { name, value: labels[name] ?? '' };
}

function matchersFor(alerts: readonly ClusterAlert[], names: LabelNames): SilenceMatcher[] {
  const [first] = alerts;
  if (first === undefined) return [];
  const exact = (name: string, value: string): SilenceMatcher => ({
    name,
    value,
    isRegex: false,
    isEqual: true,
  });
  const { name, value } = subjectOf(first, names);
  const nodes = [...new Set(alerts.map(({ labels }) => labels[names.node] ?? ''))].sort();
  // Without the name of a node the rest of the labels says which alert is meant.
  if (nodes.includes('')) {
    return Object.entries(first.labels)
      .filter(([label]) => label !== 'severity')
      .map(([label, text]) => exact(label, text));
  }
  const [node = '', ...others] = nodes;
  if (others.length === 0) return [exact(name, value), exact(names.node, node)];
  return [
    exact(name, value),
    { name: names.node, value: nodes.map(escapeRegex).join('|'), isRegex: true, isEqual: true },
  ];
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
