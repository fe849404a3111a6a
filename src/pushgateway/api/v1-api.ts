import { Router, type Response } from 'express';
import { version } from '../../platform/file/package-files.ts';
import type { Metric, MetricType } from '../exposition/metric-family.ts';
import { formatFloat64 } from '../exposition/numbers.ts';
import { GROUP_TIMES, type GroupStore } from '../groups/group-store.ts';
import type { Group } from '../groups/group.ts';
import { timeOf } from '../metrics/scraped-families.ts';
import type { Committer } from '../storage/committer.ts';
import { answerNotFound, byMethod } from './text-answer.ts';

export interface V1ApiOptions {
  readonly groups: GroupStore;
  readonly committer: Committer;
  /** The flags in force, as text, by their names. */
  readonly flags: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  readonly isAdminEnabled: boolean;
}

const HEADERS = {
  'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Origin',
  'Access-Control-Allow-Methods': 'GET, POST, DELETE, OPTIONS',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Date',
  'Cache-Control': 'no-cache, no-store, must-revalidate',
};

/** `/api/v1`: what the Pushgateway's own API tells, in its shapes (api/v1/api.go), and its admin API. */
export function createV1Api(options: V1ApiOptions): Router {
  const api = Router({ caseSensitive: true, strict: true });
  api.use((_, response, next) => {
    response.set(HEADERS);
    next();
  });
  api.all(
    '/status',
    byMethod({
      GET: (_, response) => {
        answerStatus(response, options);
      },
    }),
  );
  api.all(
    '/metrics',
    byMethod({
      GET: (_, response) => {
        answerMetrics(response, options);
      },
    }),
  );
  if (options.isAdminEnabled) {
    api.all('/admin/wipe', byMethod({ PUT: (_, response) => answerWipe(response, options) }));
  }
  api.use(answerNotFound);
  return api;
}

function answerStatus(response: Response, { flags, startedAt }: V1ApiOptions): void {
  const build = { branch: '', buildDate: '', buildUser: '', goVersion: '', revision: '', version };
  succeed(response, { build_information: build, flags, start_time: startedAt.toISOString() });
}

function answerMetrics(response: Response, { groups }: V1ApiOptions): void {
  succeed(response, groups.all().map(describeGroup));
}

async function answerWipe(response: Response, { groups, committer }: V1ApiOptions): Promise<void> {
  await committer.submit(() => ({ answer: undefined, changes: groups.planRemoval(groups.all()) }), 0);
  response.status(202).end();
}

/** A group as `/api/v1/metrics` shows it. */
function describeGroup(group: Group): Record<string, unknown> {
  const times = GROUP_TIMES.map((name): [string, unknown] => {
    const { help, metric } = timeOf(name, group);
    return [
      name,
      describeFamily({ type: 'gauge', help, metrics: [metric], pushedAt: lastChange(group) * 1000 }),
    ];
  });
  return {
    labels: Object.fromEntries(group.labels),
    last_push_successful: group.pushTime >= group.pushFailureTime,
    ...Object.fromEntries(times),
    ...Object.fromEntries(
      [...group.families.values()].map((family) => [family.name, describeFamily(family)]),
    ),
  };
}

function lastChange({ pushTime, pushFailureTime }: Group): number {
  return Math.max(pushTime, pushFailureTime);
}

interface DescribedFamily {
  readonly type: MetricType;
  readonly help: string | undefined;
  readonly metrics: readonly Metric[];
  readonly pushedAt: number;
}

function describeFamily({ type, help, metrics, pushedAt }: DescribedFamily): Record<string, unknown> {
  return {
    time_stamp: new Date(pushedAt).toISOString(),
    type: type.toUpperCase(),
    ...(help !== undefined && { help }),
    metrics: metrics.map(describeMetric),
  };
}

function describeMetric({ labels, value }: Metric): Record<string, unknown> {
  const shown = { labels: Object.fromEntries(labels) };
  if (value.kind === 'number') return { ...shown, value: formatFloat64(value.value) };
  const rest = { count: formatFloat64(value.count), sum: formatFloat64(value.sum) };
  return value.kind === 'summary'
    ? { ...shown, quantiles: steps(value.quantiles), ...rest }
    : { ...shown, buckets: steps(value.buckets), ...rest };
}

function steps(pairs: readonly (readonly [number, number])[]): Record<string, string> {
  return Object.fromEntries(pairs.map(([step, value]) => [formatFloat64(step), formatFloat64(value)]));
}

function succeed(response: Response, data: unknown): void {
  response.json({ status: 'success', data });
}
