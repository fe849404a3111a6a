/** Parts that live on through a reload as long as their settings stay the same. */
export class Kept<T> {
  #parts = new Map<string, T>();
  #next = new Map<string, T>();

  /** The part with these settings: the one there is, or a new one. */
  keep(id: string, create: () => T): T {
    const part = this.#next.get(id) ?? this.#parts.get(id) ?? create();
    this.#next.set(id, part);
    return part;
  }

  /** The parts kept since the last commit are the ones in force now; returns those that no longer are. */
  commit(): T[] {
    const gone = [...this.#parts].filter(([id]) => !this.#next.has(id)).map(([, part]) => part);
    this.#parts = this.#next;
    this.#next = new Map();
    return gone;
  }

  /** Forgets what was kept since the last commit; returns the parts that were made since. */
  rollback(): T[] {
    const { added } = this;
    this.#next = new Map();
    return added;
  }

  /** The parts made since the last commit. */
  get added(): T[] {
    return [...this.#next].filter(([id]) => !this.#parts.has(id)).map(([, part]) => part);
  }

  /** The parts in force. */
  get current(): T[] {
    return [...this.#parts.values()];
  }
}
