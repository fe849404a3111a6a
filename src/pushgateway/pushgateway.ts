import type { Logger } from '../platform/log/log.ts';
import { ThrottledLogLine } from '../platform/log/throttled-log-line.ts';
import { listen, type Listener } from '../platform/web/listener.ts';
import { describeError } from '../platform/log/log.ts';
import { createPushgatewayApi, type PushgatewayApiOptions } from './api/pushgateway-api.ts';
import type { NameRule } from './exposition/names.ts';
import { expireGroups } from './groups/expiry.ts';
import { GROUP_PREFIX } from './groups/group-record.ts';
import { GroupStore } from './groups/group-store.ts';
import { createPushgatewayMetrics, typesOf } from './metrics/pushgateway-metrics.ts';
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
  readonly limits: { readonly groups: number; readonly series: number };
  /** Milliseconds without a push after which a group goes; undefined: never. */
  readonly forgetGroupsAfter: number | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
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
  const { log, now = Date.now } = options;
  const store = await openStore(options.storage);
  const state: { trouble?: string | undefined } = {};
  const metrics = createPushgatewayMetrics({ groups: () => groups.size, series: () => groups.index.series });
  const groups = new GroupStore({ ownTypes: typesOf(metrics.registry), limits: options.limits });
  const failure = createFailureLine(log);
  const committer = new Committer({
    write: (records) => store.write(records),
    onCommit(outcome) {
      metrics.noteCommit(outcome);
      state.trouble = 'error' in outcome ? 'the storage cannot be written' : undefined;
      if ('error' in outcome) failure.note({ reason: describeError(outcome.error) });
    },
  });
  await restore(store, groups, {
    log,
    countCorrupt: (records) => {
      metrics.countCorrupt(records);
    },
  });
  let quit = (): void => undefined;
  const finished = new Promise<void>((resolve) => (quit = resolve));
  const handler = createPushgatewayApi({
    ...options,
    ...{ groups, committer, metrics, now },
    startedAt: new Date(now()),
    families: async (escaping) => [
      ...(await ownFamilies(metrics.registry)),
      ...groupFamilies(groups, escaping),
    ],
    quit: options.isLifecycleEnabled ? quit : undefined,
    trouble: () => state.trouble,
  });
  const listeners = await listenAll(options, handler, store);
  const expiry = setInterval(() => {
    void expireGroups({ groups, committer, forgetAfter: options.forgetGroupsAfter, now }).then(
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
  groups: GroupStore,
  { log, countCorrupt }: { log: Logger; countCorrupt: (records: number) => void },
): Promise<void> {
  let unreadable = 0;
  for await (const [, value] of store.read(GROUP_PREFIX)) {
    if (!groups.restore(value)) unreadable += 1;
  }
  countCorrupt(unreadable);
  if (unreadable > 0)
    log.error({ records: unreadable }, 'left out records of the storage that cannot be read');
  log.info({ groups: groups.size, metrics: groups.index.series }, 'read the storage');
}

function createFailureLine(log: Logger): ThrottledLogLine<{ readonly reason: string }> {
  return new ThrottledLogLine({
    merge: (_, later) => later,
    say: (about) => {
      log.error(about, 'cannot write to the storage; pushes are answered with 503');
    },
  });
}
