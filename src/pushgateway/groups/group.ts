import type { LabelPair, Metric, MetricFamily, MetricType } from '../exposition/metric-family.ts';
import { writeMetric } from '../exposition/write.ts';

/** A family as one group holds it: its labels are those that Prometheus sees. */
export interface GroupFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string | undefined;
  readonly metrics: readonly Metric[];
  /** When it was pushed, in milliseconds since the epoch. */
  readonly pushedAt: number;
  /** Its sample lines, for names in the classic alphabet. */
  readonly samples: string;
}

/** All that was pushed under one grouping key. Never changed: a push makes another one. */
export interface Group {
  /** Sorted by name. */
  readonly labels: readonly LabelPair[];
  readonly families: ReadonlyMap<string, GroupFamily>;
  /** Seconds since the epoch; 0: no push has succeeded yet. */
  readonly pushTime: number;
  /** The same of pushes that were refused. */
  readonly pushFailureTime: number;
  /** Milliseconds without a push after which the group goes; undefined: it stays. */
  readonly ttl: number | undefined;
}

/** What identifies a group. */
export function keyOf(labels: readonly LabelPair[]): string {
  return JSON.stringify(labels);
}

/** What identifies a series for Prometheus, to which an empty label is no label. */
export function seriesKey(name: string, labels: readonly LabelPair[]): string {
  return JSON.stringify([name, ...labels.filter(([, value]) => value !== '').flat()]);
}

/** The labels of a group's own series: Prometheus must not take an `instance` from the scrape (handler/push.go, sanitizeLabels). */
export function withInstance(labels: readonly LabelPair[]): readonly LabelPair[] {
  return labels.some(([name]) => name === 'instance') ? labels : sorted([...labels, ['instance', '']]);
}

/** A pushed family with the labels of its group, which win over pushed ones. */
export function toGroupFamily(
  family: MetricFamily,
  groupLabels: readonly LabelPair[],
  pushedAt: number,
): GroupFamily {
  const { name, type, help } = family;
  const metrics = family.metrics.map(({ labels, value }): Metric => {
    const all = new Map([...labels, ...groupLabels]);
    return { labels: withInstance(sorted([...all])), value };
  });
  const samples = metrics.map((metric) => writeMetric(name, metric, 'underscores')).join('');
  return { name, type, help, metrics, pushedAt, samples };
}

function sorted(labels: readonly LabelPair[]): LabelPair[] {
  return labels.toSorted(([one], [other]) => (one < other ? -1 : 1));
}
