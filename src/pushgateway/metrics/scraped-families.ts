import type { Registry } from 'prom-client';
import type { Metric } from '../exposition/metric-family.ts';
import { isLegacyMetricName } from '../exposition/names.ts';
import { writeHead, writeMetric, type Escaping } from '../exposition/write.ts';
import { GROUP_TIMES, type GroupStore } from '../groups/group-store.ts';
import { withInstance, type Group, type GroupFamily } from '../groups/group.ts';

/** A family as a scrape shows it. */
export interface ScrapedFamily {
  readonly name: string;
  /** Its `HELP` and `TYPE` lines. */
  readonly head: string;
  /** Its sample lines, in pieces; what they are made of does not change any more. */
  readonly samples: Iterable<string>;
}

/** The gateway's own families. */
export async function ownFamilies(registry: Registry): Promise<ScrapedFamily[]> {
  return Promise.all(
    registry.getMetricsAsArray().map(async ({ name }) => {
      const text = await registry.getSingleMetricAsString(name);
      const [, head = '', samples = ''] = /^((?:#[^\n]*\n)*)([^]*)$/.exec(`${text}\n`) ?? [];
      return { name, head, samples: [samples] };
    }),
  );
}

/** What was pushed, as it is now. */
export function groupFamilies(groups: GroupStore, escaping: Escaping): ScrapedFamily[] {
  const pushed = groups.index.names().flatMap((name): ScrapedFamily[] => {
    const family = groups.index.family(name);
    if (family === undefined) return [];
    const members = [...family.members.values()];
    return [
      {
        name,
        head: writeHead(name, family.type, family.help, escaping),
        samples: samplesOf(members, escaping),
      },
    ];
  });
  return [...pushed, ...pushTimes(groups.all())];
}

const TIMES: Readonly<Record<(typeof GROUP_TIMES)[number], { help: string; of: (group: Group) => number }>> =
  {
    push_time_seconds: {
      help: 'Last Unix time when changing this group in the Pushgateway succeeded.',
      of: ({ pushTime }) => pushTime,
    },
    push_failure_time_seconds: {
      help: 'Last Unix time when changing this group in the Pushgateway failed.',
      of: ({ pushFailureTime }) => pushFailureTime,
    },
  };

/** A group's own metric, as the Pushgateway shows it beside the pushed ones. */
export function timeOf(name: (typeof GROUP_TIMES)[number], group: Group): { help: string; metric: Metric } {
  const { help, of } = TIMES[name];
  return {
    help,
    metric: { labels: withInstance(group.labels), value: { kind: 'number', value: of(group) } },
  };
}

function pushTimes(groups: readonly Group[]): ScrapedFamily[] {
  if (groups.length === 0) return [];
  return GROUP_TIMES.map((name) => ({
    name,
    head: writeHead(name, 'gauge', TIMES[name].help, 'underscores'),
    samples: mapped(groups, (group) => writeMetric(name, timeOf(name, group).metric, 'underscores')),
  }));
}

// Made already, unless names have to be written in another alphabet.
function samplesOf(members: readonly GroupFamily[], escaping: Escaping): Iterable<string> {
  return mapped(members, (family) =>
    escaping === 'underscores' || hasLegacyNames(family)
      ? family.samples
      : family.metrics.map((metric) => writeMetric(family.name, metric, escaping)).join(''),
  );
}

function hasLegacyNames({ name, metrics }: GroupFamily): boolean {
  return (
    isLegacyMetricName(name) &&
    metrics.every(({ labels }) => labels.every(([label]) => isLegacyMetricName(label)))
  );
}

/** One after the other, when it is wanted. */
function* mapped<T>(items: readonly T[], write: (item: T) => string): Generator<string> {
  for (const item of items) yield write(item);
}
