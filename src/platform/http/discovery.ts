import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log/log.ts';
import { Outage } from '../log/outage.ts';
import { errorCode } from '../file/error-code.ts';
import { createSearchList, type SearchList } from './search-list.ts';
import { PLATFORM_LOG } from '../log/messages.ts';

/** One of Prometheus' `dns_sd_configs`: names, asked again every `refreshInterval` ms. */
export interface DnsDiscovery {
  readonly names: readonly string[];
  readonly type: 'A' | 'AAAA' | 'SRV';
  /** For A and AAAA; an SRV record brings its own. */
  readonly port?: number | undefined;
  readonly refreshInterval: number;
}

type DnsResolver = Pick<Resolver, 'resolve4' | 'resolve6' | 'resolveSrv'>;

interface DiscoveryOptions {
  readonly staticTargets: readonly string[];
  readonly dns: readonly DnsDiscovery[];
  /** Default: the name servers of the system, asked directly, without /etc/hosts. */
  readonly resolver?: DnsResolver;
  /** Default: the search domains of the system. */
  readonly searchList?: SearchList;
  readonly log: Logger;
  /** Told of each change, from the first answers on. */
  readonly onChange: (targets: readonly string[]) => void;
}

/** The `host:port` of all Alertmanagers: sorted, each once. */
export interface Discovery {
  /** Asks for all names; waits for the answers, but no longer than 5 s. Never rejects. */
  start(): Promise<void>;
  stop(): void;
  targets(): readonly string[];
}

/** One name of one config, and what it last led to. */
interface DiscoveredName extends Omit<DnsDiscovery, 'names'> {
  readonly name: string;
  targets: readonly string[];
  readonly outage: Outage;
}

const START_PATIENCE_MS = 5_000;

/**
 * Finds Alertmanagers. A name that cannot be resolved, or leads nowhere, keeps its last targets: alerts that reach an Alertmanager
 * which has gone cost an error, alerts that are sent to none are lost.
 */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { staticTargets, dns, log, onChange } = options;
  const { searchList = createSearchList() } = options;
  const resolver = options.resolver ?? new Resolver({ timeout: 2_000, tries: 2 });
  const names = dns.flatMap(({ names, ...config }) =>
    names.map((name): DiscoveredName => ({ ...config, name, targets: [], outage: createOutage(name, log) })),
  );
  const timers = new Map<DiscoveredName, NodeJS.Timeout>();
  let stopped = false;
  let current = collect();

  async function start(): Promise<void> {
    const firstAnswers = Promise.all(names.map(keepFresh));
    await Promise.race([firstAnswers, delay(START_PATIENCE_MS, undefined, { ref: false })]);
  }

  function stop(): void {
    stopped = true;
    for (const timer of timers.values()) clearTimeout(timer);
  }

  // The next question waits for the answer to this one: a late failure must not follow a newer answer.
  async function keepFresh(name: DiscoveredName): Promise<void> {
    await refresh(name);
    if (stopped) return;
    const timer = setTimeout(() => void keepFresh(name), name.refreshInterval);
    timers.set(name, timer);
  }

  async function refresh(name: DiscoveredName): Promise<void> {
    try {
      const found = await lookUpAny(resolver, await searchList(name.name), name);
      if (found.length === 0) throw new Error('no records');
      if (stopped) return;
      name.outage.succeeded();
      name.targets = found;
      announce();
    } catch (err) {
      if (stopped) return;
      name.outage.failed(err);
    }
  }

  function announce(): void {
    const targets = collect();
    if (targets.join() === current.join()) return;
    current = targets;
    onChange(targets);
  }

  function collect(): readonly string[] {
    const all = [...staticTargets, ...names.flatMap(({ targets }) => targets)];
    return [...new Set(all)].sort();
  }

  return { start, stop, targets: () => current };
}

// As Prometheus (discovery/dns lookupWithSearchPath): the first name that exists is meant, though it may have no such records.
async function lookUpAny(
  resolver: DnsResolver,
  names: readonly string[],
  config: DiscoveredName,
): Promise<readonly string[]> {
  let failure: unknown;
  for (const name of names) {
    try {
      return await lookUp(resolver, { ...config, name });
    } catch (error) {
      if (errorCode(error) === 'ENODATA') throw error;
      // That a name does not exist says less than that nobody answered.
      if (failure === undefined || errorCode(error) !== 'ENOTFOUND') failure = error;
    }
  }
  throw failure;
}

async function lookUp(
  resolver: DnsResolver,
  { name, type, port = 0 }: DiscoveredName,
): Promise<readonly string[]> {
  switch (type) {
    case 'A':
      return (await resolver.resolve4(name)).map((address) => hostAndPort(address, port));
    case 'AAAA':
      return (await resolver.resolve6(name)).map((address) => hostAndPort(address, port));
    case 'SRV':
      return (await resolver.resolveSrv(name)).map((record) =>
        hostAndPort(record.name.replace(/\.$/, ''), record.port),
      );
  }
}

function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function createOutage(name: string, log: Logger): Outage {
  return new Outage({
    onBegin: (err) => {
      log.warn({ name, err }, PLATFORM_LOG.discoveryFails);
    },
    onEnd: () => {
      log.info({ name }, 'Alertmanagers are found in DNS again');
    },
  });
}
