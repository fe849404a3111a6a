import type { LabelPair, Metric, MetricType } from '../exposition/metric-family.ts';
import { writeMetric } from '../exposition/write.ts';
import type { StoreRecord } from '../storage/change.ts';
import type { Group, GroupFamily } from './group.ts';

/** With what the keys of groups begin in the store. */
export const GROUP_PREFIX = 'group:';

interface GroupRecord {
  readonly labels: readonly LabelPair[];
  readonly pushTime: number;
  readonly pushFailureTime: number;
  readonly ttl?: number | undefined;
  readonly families: readonly {
    readonly name: string;
    readonly type: MetricType;
    readonly help?: string | undefined;
    readonly pushedAt: number;
    readonly metrics: readonly Metric[];
  }[];
}

/** A group as the disk holds it: JSON, in which a number that JSON does not know is `{"float": "NaN"}`. */
export function recordOf(key: string, group: Group | undefined): StoreRecord {
  if (group === undefined) return { type: 'del', key: GROUP_PREFIX + key };
  const { labels, pushTime, pushFailureTime, ttl } = group;
  const families = [...group.families.values()].map(({ name, type, help, pushedAt, metrics }) => ({
    ...{ name, type, help, pushedAt, metrics },
  }));
  const record: GroupRecord = { labels, pushTime, pushFailureTime, ttl, families };
  return { type: 'put', key: GROUP_PREFIX + key, value: JSON.stringify(record, writeNumber) };
}

/** Reads what recordOf wrote; undefined if it is something else. */
export function readGroup(value: string): Group | undefined {
  try {
    const { labels, pushTime, pushFailureTime, ttl, families } = JSON.parse(value, readNumber) as GroupRecord;
    return {
      ...{ labels, pushTime, pushFailureTime, ttl },
      families: new Map(families.map((family) => [family.name, restoreFamily(family)])),
    };
  } catch {
    return undefined;
  }
}

function restoreFamily({
  name,
  type,
  help,
  pushedAt,
  metrics,
}: GroupRecord['families'][number]): GroupFamily {
  const samples = metrics.map((metric) => writeMetric(name, metric, 'underscores')).join('');
  return { name, type, help, pushedAt, metrics, samples };
}

function writeNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { float: Object.is(value, -0) ? '-0' : String(value) };
}

function readNumber(_: string, value: unknown): unknown {
  const isFloat = typeof value === 'object' && value !== null && 'float' in value;
  return isFloat ? Number(value.float) : value;
}
