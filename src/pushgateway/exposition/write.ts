import type { LabelPair, Metric, MetricType, MetricValue } from './metric-family.ts';
import { isLegacyMetricName, underscored } from './names.ts';
import { formatFloat64 } from './numbers.ts';

/** How names that the classic format does not know are written (Prometheus asks by `escaping=` in Accept). */
export type Escaping = 'underscores' | 'allow-utf-8';

/** The `HELP` and `TYPE` lines of a family. */
export function writeHead(
  name: string,
  type: MetricType,
  help: string | undefined,
  escaping: Escaping,
): string {
  const written = writeName(name, escaping);
  const helpLine = help === undefined ? '' : `# HELP ${written} ${escapeHelp(help)}\n`;
  return `${helpLine}# TYPE ${written} ${type === 'gauge_histogram' ? 'histogram' : type}\n`;
}

/** The sample lines of one metric. */
export function writeMetric(name: string, { labels, value }: Metric, escaping: Escaping): string {
  return samplesOf(value)
    .map(([suffix, step, number]) => {
      const all = step === undefined ? labels : [...labels, step];
      return `${writeSeries(`${name}${suffix}`, all, escaping)} ${formatFloat64(number)}\n`;
    })
    .join('');
}

/** A series as a sample line begins: `name{a="b"}`. */
export function writeSeries(name: string, labels: readonly LabelPair[], escaping: Escaping): string {
  const pairs = labels.map(([label, value]) => `${writeName(label, escaping)}="${escapeValue(value)}"`);
  if (isLegacyMetricName(name) || escaping === 'underscores') {
    const written = writeName(name, escaping);
    return pairs.length === 0 ? written : `${written}{${pairs.join(',')}}`;
  }
  return `{${[`"${escapeValue(name)}"`, ...pairs].join(',')}}`;
}

type SampleLine = readonly [suffix: string, step: LabelPair | undefined, value: number];

function samplesOf(value: MetricValue): SampleLine[] {
  switch (value.kind) {
    case 'number':
      return [['', undefined, value.value]];
    case 'summary':
      return [
        ...value.quantiles.map(([q, number]): SampleLine => ['', ['quantile', formatFloat64(q)], number]),
        ['_sum', undefined, value.sum],
        ['_count', undefined, value.count],
      ];
    case 'histogram':
      return [
        ...bucketsOf(value).map(([le, count]): SampleLine => ['_bucket', ['le', formatFloat64(le)], count]),
        ['_sum', undefined, value.sum],
        ['_count', undefined, value.count],
      ];
  }
}

// One that was pushed without its last bucket gets it, as in expfmt/text_create.go.
function bucketsOf({
  buckets,
  count,
}: Extract<MetricValue, { kind: 'histogram' }>): (readonly [number, number])[] {
  const hasLast = buckets.some(([upperBound]) => upperBound === Infinity);
  return hasLast ? [...buckets] : [...buckets, [Infinity, count]];
}

function writeName(name: string, escaping: Escaping): string {
  if (isLegacyMetricName(name)) return name;
  return escaping === 'underscores' ? underscored(name) : `"${escapeValue(name)}"`;
}

function escapeValue(text: string): string {
  return /["\\\n]/.test(text)
    ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    : text;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
