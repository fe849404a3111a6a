import type { LabelPair, Metric, MetricFamily, MetricType, MetricValue } from './metric-family.ts';

/** Which part of a family a sample is: of `x_count` in a summary `x` it is the count. */
type Part = 'plain' | 'count' | 'sum';

/** A family while its lines are read. */
export interface OpenFamily {
  readonly name: string;
  type: MetricType | undefined;
  help: string | undefined;
  readonly metrics: OpenMetric[];
  /** Metrics of a summary or histogram by their labels: their samples come one by one. */
  readonly byLabels: Map<string, OpenMetric>;
}

interface OpenMetric {
  readonly labels: readonly LabelPair[];
  value: number;
  count: number;
  sum: number;
  /** Buckets or quantiles. */
  readonly steps: [step: number, value: number][];
}

export interface Sample {
  readonly labels: readonly LabelPair[];
  /** Of `le` or `quantile`; undefined: there is none. */
  readonly step: number | undefined;
  readonly value: number;
}

/** The names by which a sample may belong to a summary or histogram (prometheus/common expfmt, setOrCreateCurrentMF). */
const SUFFIXES: readonly {
  readonly suffix: string;
  readonly part: Part;
  readonly of: readonly MetricType[];
}[] = [
  { suffix: '_count', part: 'count', of: ['summary', 'histogram', 'gauge_histogram'] },
  { suffix: '_sum', part: 'sum', of: ['summary', 'histogram', 'gauge_histogram'] },
  { suffix: '_bucket', part: 'plain', of: ['histogram', 'gauge_histogram'] },
];

/** Puts the samples of a body together into families. */
export class FamilyBuilder {
  readonly #families = new Map<string, OpenFamily>();

  /** The family to which a name belongs, which is made if there is none, and which part of it the name stands for. */
  find(name: string): { family: OpenFamily; part: Part } {
    const known = this.#families.get(name);
    if (known !== undefined) return { family: known, part: 'plain' };
    for (const { suffix, part, of } of SUFFIXES) {
      if (!name.endsWith(suffix) || name.length === suffix.length) continue;
      const family = this.#families.get(name.slice(0, -suffix.length));
      if (family?.type !== undefined && of.includes(family.type)) return { family, part };
    }
    const family = {
      name,
      type: undefined,
      help: undefined,
      metrics: [],
      byLabels: new Map<string, OpenMetric>(),
    };
    this.#families.set(name, family);
    return { family, part: 'plain' };
  }

  /** The families that have metrics, in the order of their first line. */
  build(): Map<string, MetricFamily> {
    const built = new Map<string, MetricFamily>();
    for (const [name, family] of this.#families) {
      if (family.metrics.length === 0) continue;
      const type = family.type ?? 'untyped';
      const metrics = family.metrics.map((metric): Metric => ({
        labels: metric.labels,
        value: valueOf(type, metric),
      }));
      built.set(name, { name, type, help: family.help, metrics });
    }
    return built;
  }
}

/** Takes a sample into its family. */
export function addSample(family: OpenFamily, part: Part, { labels, step, value }: Sample): void {
  family.type ??= 'untyped';
  const metric = isDistribution(family.type) ? metricOf(family, labels) : openMetric(family, labels);
  if (!isDistribution(family.type)) metric.value = value;
  else if (part === 'count') metric.count = toCount(value);
  else if (part === 'sum') metric.sum = value;
  else if (step !== undefined && !Number.isNaN(step))
    metric.steps.push([step, family.type === 'summary' ? value : toCount(value)]);
}

/** Whether metrics of the type have several samples each. */
export function isDistribution(type: MetricType): boolean {
  return type === 'summary' || type === 'histogram' || type === 'gauge_histogram';
}

function metricOf(family: OpenFamily, labels: readonly LabelPair[]): OpenMetric {
  const key = JSON.stringify(labels.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const metric = family.byLabels.get(key) ?? openMetric(family, labels);
  family.byLabels.set(key, metric);
  return metric;
}

function openMetric(family: OpenFamily, labels: readonly LabelPair[]): OpenMetric {
  const metric: OpenMetric = { labels, value: 0, count: 0, sum: 0, steps: [] };
  family.metrics.push(metric);
  return metric;
}

function valueOf(type: MetricType, { value, count, sum, steps }: OpenMetric): MetricValue {
  if (!isDistribution(type)) return { kind: 'number', value };
  return type === 'summary'
    ? { kind: 'summary', count, sum, quantiles: steps }
    : { kind: 'histogram', count, sum, buckets: steps };
}

// client_model has unsigned integers there.
function toCount(value: number): number {
  return value > 0 ? Math.trunc(value) : 0;
}
