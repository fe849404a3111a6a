import { createNameCache, type NameCache, type NameCacheOptions, type ResolveName } from './name-resolver.ts';

interface KeptNamesOptions extends Pick<NameCacheOptions, 'resolve' | 'now'> {
  /** Milliseconds between two lookups of a kept name; for tests, which cannot wait as long as production does. */
  readonly refreshEvery?: number | undefined;
}

/** Shorter than a cached answer stays fresh: whoever needs the name finds it resolved. */
const REFRESH_EVERY_MS = 20_000;
/** Together with the nodes' 16 lookups still fewer than the 32 threads that getaddrinfo may take (main.cjs). */
const MAX_CONCURRENT = 8;
const LAST_ANSWER_TTL_MS = 3_600_000;

/**
 * The names of a few servers that must be reached, resolved apart from all others: asked ahead of time, and their last good addresses
 * kept for an hour while DNS fails or is slow.
 */
export class KeptNames {
  readonly #cache: NameCache;
  readonly #refreshEvery: number;
  readonly #kept = new Map<object, readonly string[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ refreshEvery = REFRESH_EVERY_MS, ...options }: KeptNamesOptions = {}) {
    this.#cache = createNameCache({
      ...options,
      maxConcurrent: MAX_CONCURRENT,
      lastAnswerTtl: LAST_ANSWER_TTL_MS,
    });
    this.#refreshEvery = refreshEvery;
  }

  readonly resolve: ResolveName = (name) => this.#cache.resolve(name);

  /** Keeps these names resolved from now on, in place of those that the same owner gave before; none: the owner is done. */
  keep(owner: object, names: readonly string[]): void {
    const before = this.#kept.get(owner);
    for (const name of names) if (before?.includes(name) !== true) void this.#cache.refresh(name);
    if (names.length === 0) this.#kept.delete(owner);
    else this.#kept.set(owner, names);
    if (this.#kept.size > 0) {
      this.#timer ??= setInterval(() => {
        this.#refresh();
      }, this.#refreshEvery).unref();
      return;
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #refresh(): void {
    for (const name of new Set([...this.#kept.values()].flat())) void this.#cache.refresh(name);
  }
}
