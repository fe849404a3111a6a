import type { Logger } from '../platform/log/log.ts';
import { ThrottledLogLine } from '../platform/log/throttled-log-line.ts';
import { listen, type Listener } from '../platform/web/listener.ts';
import { describeError } from '../platform/log/log.ts';
import { createPushgatewayApi, type PushgatewayApiOptions } from './api/pushgateway-api.ts';
import type { NameRule } from './exposition/names.ts';
import { expireGroups } from './groups/expiry.ts';
import { GROUP_PREFIX } from './groups/group-record.ts';
import { GroupStore, type GroupLimits } from './groups/group-store.ts';
import { createDecoder } from '../platform/text/charset.ts';
import { SYSTEM_CLOCK, type Clock } from '../checks/clock.ts';
import type { MetricType } from './exposition/metric-family.ts';
import { CHECK_FAMILY_NAMES, createCheckFamilies } from './results/check-families.ts';
import { CHECK_PREFIX, CLIENT_PREFIX } from './results/records.ts';
import { ResultStore, type ResultLimits } from './results/result-store.ts';
import { createPushgatewayMetrics, typesOf, type PushgatewayMetrics } from './metrics/pushgateway-metrics.ts';
import { groupFamilies, ownFamilies } from './metrics/scraped-families.ts';
import { Committer } from './storage/committer.ts';
import { openStore, type Store } from './storage/store.ts';

export interface PushgatewayOptions extends Pick<
  PushgatewayApiOptions,
  'routePrefix' | 'telemetryPath' | 'flags' | 'isAdminEnabled'
> {
  readonly listenAddresses: readonly string[];
  readonly webConfigFile: string | undefined;
  readonly isLifecycleEnabled: boolean;
  readonly nameRule: NameRule;
  readonly storage: { readonly path: string; readonly sync: boolean };
  readonly limits: GroupLimits & ResultLimits;
  /** What the scripts' output may be written in, tried in this order (WHATWG labels). */
  readonly charsets: readonly string[];
  readonly outputLimit: number;
  /** Milliseconds without a push after which a group goes; undefined: never. */
  readonly forgetGroupsAfter: number | undefined;
  readonly log: Logger;
  readonly clock?: Clock;
}

// Slow clients are cut off: a push is small, and there are many who push.
const TIMES = { headers: 10_000, request: 30_000 };
const EXPIRY_INTERVAL_MS = 5_000;

/** A running gateway. */
export interface Pushgateway {
  /** The URLs as bound. */
  readonly urls: readonly string[];
  /** Resolves when somebody asked for the end over HTTP. */
  readonly finished: Promise<void>;
  /** Ends what is under way, then closes the store. */
  stop(): Promise<void>;
}

/** Reads what the disk holds and starts to serve. Throws a ListenError or a StoreError. */
export async function startPushgateway(options: PushgatewayOptions): Promise<Pushgateway> {
  const { log, clock = SYSTEM_CLOCK } = options;
  const store = await openStore(options.storage);
  const { groups, results, metrics } = createState(options, clock);
  const checkFamilies = createCheckFamilies(results, clock);
  const { committer, trouble } = createCommitter(store, { metrics, log });
  await restore(store, { groups, results, metrics, log });
  let quit = (): void => undefined;
  const finished = new Promise<void>((resolve) => (quit = resolve));
  const handler = createPushgatewayApi({
    ...options,
    ...{ groups, results, committer, metrics, clock, trouble, now: clock.now },
    get: (key) => store.get(key),
    decode: createDecoder(options.charsets),
    startedAt: new Date(clock.now()),
    families: async (escaping) => [
      ...(await ownFamilies(metrics.registry)),
      ...groupFamilies(groups, escaping),
      ...checkFamilies(),
    ],
    quit: options.isLifecycleEnabled ? quit : undefined,
  });
  const listeners = await listenAll(options, handler, store);
  const expiry = setInterval(() => {
    void expireGroups({ groups, committer, forgetAfter: options.forgetGroupsAfter, now: clock.now }).then(
      (count) => {
        metrics.countExpired('group', count);
      },
      () => undefined,
    );
  }, EXPIRY_INTERVAL_MS);
  return {
    urls: listeners.map(({ url }) => url),
    finished,
    async stop() {
      clearInterval(expiry);
      await Promise.all(listeners.map((listener) => listener.close()));
      await committer.settled();
      await store.close();
    },
  };
}

interface State {
  readonly groups: GroupStore;
  readonly results: ResultStore;
  readonly metrics: PushgatewayMetrics;
}

function createState({ limits }: PushgatewayOptions, clock: Clock): State {
  const results = new ResultStore({ limits, clock });
  const metrics = createPushgatewayMetrics({
    groups: () => groups.size,
    series: () => groups.index.series,
    clients: () => results.clients().length,
    checks: () => results.size,
  });
  const ofChecks = [...CHECK_FAMILY_NAMES].map((name): [string, MetricType] => [name, 'gauge']);
  const ownTypes = new Map([...typesOf(metrics.registry), ...ofChecks]);
  const groups = new GroupStore({ ownTypes, limits });
  return { groups, results, metrics };
}

function createCommitter(
  store: Store,
  { metrics, log }: { metrics: PushgatewayMetrics; log: Logger },
): { committer: Committer; trouble: () => string | undefined } {
  const failure = createFailureLine(log);
  let trouble: string | undefined;
  const committer = new Committer({
    write: (records) => store.write(records),
    onCommit(outcome) {
      metrics.noteCommit(outcome);
      trouble = 'error' in outcome ? 'the storage cannot be written' : undefined;
      if ('error' in outcome) failure.note({ reason: describeError(outcome.error) });
    },
  });
  return { committer, trouble: () => trouble };
}

async function listenAll(
  { listenAddresses, webConfigFile, log }: PushgatewayOptions,
  handler: ReturnType<typeof createPushgatewayApi>,
  store: Store,
): Promise<Listener[]> {
  const listeners: Listener[] = [];
  try {
    for (const listenAddress of listenAddresses) {
      listeners.push(await listen({ listenAddress, handler, webConfigFile, log, times: TIMES }));
    }
    return listeners;
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    await store.close();
    throw error;
  }
}

async function restore(
  store: Store,
  { groups, results, metrics, log }: State & { readonly log: Logger },
): Promise<void> {
  let unreadable = 0;
  for await (const [, value] of store.read(GROUP_PREFIX)) {
    if (!groups.restore(value)) unreadable += 1;
  }
  for await (const [, value] of store.read(CLIENT_PREFIX)) {
    if (!results.restoreClient(value)) unreadable += 1;
  }
  for await (const [, value] of store.read(CHECK_PREFIX)) {
    if (!results.restoreCheck(value)) unreadable += 1;
  }
  metrics.countCorrupt(unreadable);
  if (unreadable > 0)
    log.error({ records: unreadable }, 'left out records of the storage that cannot be read');
  log.info({ groups: groups.size, metrics: groups.index.series, checks: results.size }, 'read the storage');
}

function createFailureLine(log: Logger): ThrottledLogLine<{ readonly reason: string }> {
  return new ThrottledLogLine({
    merge: (_, later) => later,
    say: (about) => {
      log.error(about, 'cannot write to the storage; pushes are answered with 503');
    },
  });
}
