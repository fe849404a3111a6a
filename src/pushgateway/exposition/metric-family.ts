/** The types of client_model's MetricFamily. Text has no word of its own for `gauge_histogram`. */
export type MetricType = 'counter' | 'gauge' | 'summary' | 'untyped' | 'histogram' | 'gauge_histogram';

export type LabelPair = readonly [name: string, value: string];

/** What one metric of a family holds: a number, or a whole distribution. */
export type MetricValue =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'summary';
      readonly count: number;
      readonly sum: number;
      readonly quantiles: readonly (readonly [quantile: number, value: number])[];
    }
  | {
      readonly kind: 'histogram';
      readonly count: number;
      readonly sum: number;
      /** Upper bounds with cumulative counts, as they were pushed. */
      readonly buckets: readonly (readonly [upperBound: number, count: number])[];
    };

export interface Metric {
  /** As pushed: in any order, with the reserved labels of the text format (`le`, `quantile`) taken out. */
  readonly labels: readonly LabelPair[];
  readonly value: MetricValue;
}

/** All metrics of one name in a push. */
export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  /** undefined: the push has none. */
  readonly help: string | undefined;
  readonly metrics: readonly Metric[];
}

/** What a body holds, by the families' names. */
export interface PushedFamilies {
  readonly families: ReadonlyMap<string, MetricFamily>;
  /** A Pushgateway refuses timestamps, but only after the rest was found to be right. */
  readonly hasTimestamps: boolean;
}

/** The body of a push cannot be read; the message says where and why, in the words of Prometheus' own parser. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}
