import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';

/** Resolves a name to its addresses, at least one; rejects if there are none or the resolver is in trouble. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

/** A cache in front of a resolver. */
export interface NameCache {
  /** Answers from the cache if that is fresh enough, else asks. */
  readonly resolve: ResolveName;
  /** Asks again, however fresh the cached answer is. Never rejects. */
  refresh(name: string): Promise<void>;
}

export interface NameCacheOptions {
  /** Asked for names that are not known; default the system's resolver. */
  readonly resolve?: ResolveName | undefined;
  /** Lookups that run at a time: each holds a thread of libuv's pool for as long as DNS takes. */
  readonly maxConcurrent: number;
  /** Milliseconds for which the last good answer stands in while the resolver fails or is slow. */
  readonly lastAnswerTtl: number;
  /** Milliseconds that only ever grow. */
  readonly now?: (() => number) | undefined;
}

interface Answer {
  readonly addresses: readonly string[];
  readonly resolvedAt: number;
}

/** What is known of a name: the last good answer, the last failure, and until when (ms) neither is asked for again. */
interface KnownName {
  readonly answer?: Answer | undefined;
  readonly failure?: unknown;
  readonly settledUntil: number;
}

const MAX_NAMES = 50_000;
const MAX_WAITING = 4096;
const ANSWER_TTL_MS = 30_000;
const FAILURE_TTL_MS = 5_000;
/** How long a name with a last good answer waits for a newer one. */
const PATIENCE_MS = 100;

/**
 * Resolves the names of many nodes: shared by all clients that talk to nodes, so that its limit holds for the process. 16 lookups are
 * half of what getaddrinfo may take of the 64 threads (main.cjs): dead DNS leaves the other half to everybody else.
 */
export function createNodeNames(options: Pick<NameCacheOptions, 'resolve' | 'now'> = {}): ResolveName {
  return createNameCache({ ...options, maxConcurrent: 16, lastAnswerTtl: 300_000 }).resolve;
}

/** Resolves by getaddrinfo, so that /etc/hosts and search domains count. It holds a libuv thread for as long as DNS takes. */
export async function resolveBySystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/**
 * Creates a cache of names: one lookup per name and 30 s, failures remembered for 5 s, and the last good answer kept while the
 * resolver fails or is slow.
 */
export function createNameCache({
  resolve: resolveUncached = resolveBySystem,
  maxConcurrent,
  lastAnswerTtl,
  now = () => performance.now(),
}: NameCacheOptions): NameCache {
  const known = new LRUCache<string, KnownName>({ max: MAX_NAMES });
  const underWay = new Map<string, Promise<KnownName>>();
  const limit = pLimit(maxConcurrent);

  async function resolve(name: string): Promise<readonly string[]> {
    const before = known.get(name);
    if (before !== undefined && now() < before.settledUntil) return addressesOf(before);
    const asked = askOnce(name);
    if (lastGood(before) === undefined) return addressesOf(await asked);
    return addressesOf(
      (await Promise.race([asked, delay(PATIENCE_MS, undefined, { ref: false })])) ?? before,
    );
  }

  function askOnce(name: string): Promise<KnownName> {
    const running = underWay.get(name);
    if (running !== undefined) return running;
    const started = ask(name).finally(() => underWay.delete(name));
    underWay.set(name, started);
    return started;
  }

  async function ask(name: string): Promise<KnownName> {
    try {
      if (limit.pendingCount >= MAX_WAITING) throw new Error('too many names wait for the resolver');
      const addresses = await limit(resolveUncached, name);
      return remember(name, {
        answer: { addresses, resolvedAt: now() },
        settledUntil: now() + ANSWER_TTL_MS,
      });
    } catch (failure) {
      const answer = lastGood(known.get(name));
      return remember(name, { answer, failure, settledUntil: now() + FAILURE_TTL_MS });
    }
  }

  function remember(name: string, entry: KnownName): KnownName {
    known.set(name, entry);
    return entry;
  }

  function lastGood(entry: KnownName | undefined): Answer | undefined {
    const answer = entry?.answer;
    return answer !== undefined && now() - answer.resolvedAt < lastAnswerTtl ? answer : undefined;
  }

  function addressesOf(entry: KnownName | undefined): readonly string[] {
    const answer = lastGood(entry);
    if (answer === undefined) throw new Error('name not resolved', { cause: entry?.failure });
    return answer.addresses;
  }

  return {
    resolve,
    refresh: async (name) => {
      await askOnce(name);
    },
  };
}
