import { LRUCache } from 'lru-cache';
import type { Output, Reason } from './lookup.ts';

/** What is known of one key: the last output, the last failure since, or both. */
export interface CacheEntry {
  readonly output?: Output;
  /** The latest fetch, if it failed. */
  readonly failure?: { readonly at: number; readonly reason: Reason; readonly detail?: string };
}

export interface CacheOptions {
  readonly maxEntries: number;
  /** Bytes of annotation text. */
  readonly maxBytes: number;
}

/** What one source knows: its part of the cache. */
export interface SourceCache {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry): void;
}

/** The last known output of each check, of all sources: bounded in entries and bytes, least recently used first out. */
export class OutputCache {
  readonly #entries: LRUCache<string, CacheEntry>;

  constructor({ maxEntries, maxBytes }: CacheOptions) {
    this.#entries = new LRUCache({ max: maxEntries, maxSize: maxBytes, sizeCalculation: sizeOf });
  }

  /** The same URL may mean other annotations for another source. */
  partition(id: string): SourceCache {
    return {
      get: (key) => this.#entries.get(`${id} ${key}`),
      set: (key, entry) => {
        this.#entries.set(`${id} ${key}`, entry);
      },
    };
  }

  get entries(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }
}

// Strings hold the text again beside the serialized members; key and objects cost about 400 bytes.
function sizeOf({ output }: CacheEntry, key: string): number {
  if (output === undefined) return 400 + key.length;
  const { firing, resolved } = output.annotations;
  const shared = firing === resolved ? 0 : resolved.members.length;
  return 400 + key.length + 2 * (firing.members.length + shared);
}
