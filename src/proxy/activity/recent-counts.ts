const SLOT_MS = 15_000;
const SLOTS = 20;

/** How far back the counts go, in milliseconds. */
export const COUNTED_MS = SLOT_MS * SLOTS;

interface Slot<K> {
  /** Of all slots since 1970. */
  readonly number: number;
  readonly counts: Map<K, number>;
}

/** Counts events of the last minutes by kind. Old counts leave in steps of some seconds. */
export class RecentCounts<K extends string> {
  // The oldest first; slots without events are missing.
  readonly #slots: Slot<K>[] = [];
  readonly #now: () => number;

  constructor({ now }: { now: () => number }) {
    this.#now = now;
  }

  add(kind: K, count = 1): void {
    const counts = this.#current().counts;
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }

  read(): ReadonlyMap<K, number> {
    const oldest = this.#numberNow() - SLOTS + 1;
    const sum = new Map<K, number>();
    for (const { number, counts } of this.#slots) {
      if (number < oldest) continue;
      for (const [kind, count] of counts) sum.set(kind, (sum.get(kind) ?? 0) + count);
    }
    return sum;
  }

  #current(): Slot<K> {
    const number = this.#numberNow();
    const latest = this.#slots.at(-1);
    if (latest?.number === number) return latest;
    const slot = { number, counts: new Map<K, number>() };
    this.#slots.push(slot);
    if (this.#slots.length > SLOTS) this.#slots.shift();
    return slot;
  }

  #numberNow(): number {
    return Math.floor(this.#now() / SLOT_MS);
  }
}
