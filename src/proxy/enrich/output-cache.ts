import { LRUCache } from 'lru-cache';
import type { FetchedOutput } from './lookup.ts';
import type { Reason } from './reason.ts';

/** What is known of one key: the last output, the last failure since, or both. */
export interface CacheEntry {
  readonly output?: FetchedOutput;
  /** The latest attempt to fetch, if it failed. */
  readonly failure?: FailedAttempt;
}

/** A fetch that failed, or was refused because the circuit was open. */
export interface FailedAttempt {
  /** Milliseconds of the clock that only ever grows. */
  readonly at: number;
  readonly reason: Reason;
  readonly detail?: string | undefined;
}

export interface CacheOptions {
  readonly maxEntries: number;
  /** Bytes of annotation text. */
  readonly maxBytes: number;
}

/** The last known output of each check, of all sources: bounded in entries and bytes, least recently used first out. */
export class OutputCache {
  readonly #entries: LRUCache<string, CacheEntry>;

  constructor({ maxEntries, maxBytes }: CacheOptions) {
    this.#entries = new LRUCache({ max: maxEntries, maxSize: maxBytes, sizeCalculation: sizeOf });
  }

  get(key: string): CacheEntry | undefined {
    return this.#entries.get(key);
  }

  set(key: string, entry: CacheEntry): void {
    this.#entries.set(key, entry);
  }

  get entries(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }
}

// Key and objects cost about 400 bytes.
function sizeOf({ output }: CacheEntry, key: string): number {
  if (output === undefined) return 400 + key.length;
  const { firing, resolved } = output.annotations;
  const shared = firing === resolved ? 0 : resolved.members.length;
  return 400 + key.length + firing.members.length + shared;
}
