import type { LabelPair, MetricFamily } from '../exposition/metric-family.ts';
import { isLabelName, isMetricName, type NameRule } from '../exposition/names.ts';
import { writeSeries } from '../exposition/write.ts';

// Of the series that a check result makes: a pushed one could be the same.
const OF_A_CHECK = ['check', 'client'];

const MAX_LABELS = 64;
const MAX_NAME_BYTES = 512;
const MAX_VALUE_BYTES = 16 * 1024;

interface Rules {
  readonly nameRule: NameRule;
  /** Families that are made of check results. */
  readonly checkFamilies: ReadonlySet<string>;
}

/** What cannot be exposed of a pushed family, whatever else there is; undefined: nothing. */
export function pushedProblem(
  { name, metrics }: MetricFamily,
  { nameRule, checkFamilies }: Rules,
): string | undefined {
  if (!isMetricName(name, nameRule) || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `invalid metric name ${JSON.stringify(name)}`;
  }
  for (const { labels } of metrics) {
    const problem = labelsProblem(labels, nameRule);
    if (checkFamilies.has(name) && labels.some(([label]) => OF_A_CHECK.includes(label))) {
      return `collected metric "${name}" ${shown(labels)} would be of a check: push check results to /results`;
    }
    if (problem !== undefined) return `collected metric "${name}" ${shown(labels)} ${problem}`;
  }
  return undefined;
}

function labelsProblem(labels: readonly LabelPair[], nameRule: NameRule): string | undefined {
  if (labels.length > MAX_LABELS) return `has more than ${MAX_LABELS} labels`;
  const names = new Set<string>();
  for (const [name, value] of labels) {
    if (!isLabelName(name, nameRule) || name.startsWith('__') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
      return `has a label with an invalid name: ${name}`;
    }
    if (name === 'gateway') return 'has the label gateway, which is kept for the scrape config';
    if (names.has(name)) return `has two or more labels with the same name: ${name}`;
    if (!value.isWellFormed()) return `has a label named "${name}" whose value is not utf8`;
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
      return `has a label named "${name}" whose value is longer than ${MAX_VALUE_BYTES} bytes`;
    }
    names.add(name);
  }
  return undefined;
}

// Enough to find it; values may be long.
function shown(labels: readonly LabelPair[]): string {
  const short = labels.slice(0, MAX_LABELS).map(([name, value]): LabelPair => [name, value.slice(0, 100)]);
  return writeSeries('', short, 'underscores');
}
