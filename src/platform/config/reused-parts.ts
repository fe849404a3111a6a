/** Parts that survive a reload as long as their settings stay the same. */
export class ReusedParts<T> {
  readonly #end: (part: T) => Promise<void>;
  #parts = new Map<string, T>();
  #next = new Map<string, T>();

  /** @param end ends a part that is no longer used; it must not reject */
  constructor(end: (part: T) => Promise<void> = () => Promise.resolve()) {
    this.#end = end;
  }

  /** The part with these settings: the existing one, or a new one. */
  keep(id: string, create: () => T): T {
    const part = this.#next.get(id) ?? this.#parts.get(id) ?? create();
    this.#next.set(id, part);
    return part;
  }

  /** Puts the parts kept since the last commit in force, and ends the others. */
  commit(): void {
    const gone = without(this.#parts, this.#next);
    this.#parts = this.#next;
    this.#next = new Map();
    for (const part of gone) void this.#end(part);
  }

  /** Drops what was kept since the last commit, and ends the parts made since. */
  rollback(): void {
    const { added } = this;
    this.#next = new Map();
    for (const part of added) void this.#end(part);
  }

  /** Ends the parts in force. */
  async stop(): Promise<void> {
    await Promise.all([...this.#parts.values()].map(this.#end));
  }

  /** The parts made since the last commit. */
  get added(): T[] {
    return without(this.#next, this.#parts);
  }
}

function without<T>(parts: ReadonlyMap<string, T>, others: ReadonlyMap<string, T>): T[] {
  return [...parts].filter(([id]) => !others.has(id)).map(([, part]) => part);
}
