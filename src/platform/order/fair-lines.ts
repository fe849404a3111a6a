/** How a visitor of a line wants to go on. */
export type Visit = 'more' | 'enough';

/** A line for each owner, who take turns: much that one has does not delay a little of another. */
export class FairLines<T> {
  /** The owner whose turn is next comes first. */
  readonly #lines = new Map<string, Set<T>>();

  get isEmpty(): boolean {
    return this.#lines.size === 0;
  }

  /** Puts an item behind the others of its owner; one that stands there stays where it is. */
  add(owner: string, item: T): void {
    const line = this.#lines.get(owner) ?? new Set();
    line.add(item);
    this.#lines.set(owner, line);
  }

  delete(owner: string, item: T): void {
    const line = this.#lines.get(owner);
    line?.delete(item);
    if (line?.size === 0) this.#lines.delete(owner);
  }

  /**
   * Visits items, `perTurn` of an owner before the next has a turn, until all are visited or it is enough.
   * @param visit may delete the item that it is given
   */
  goRound(perTurn: number, visit: (item: T) => Visit): void {
    let turns = [...this.#lines].map(([owner, line]) => ({ owner, items: line.values() }));
    while (turns.length > 0) {
      const later: typeof turns = [];
      for (const turn of turns) {
        this.#moveBack(turn.owner);
        const end = takeTurn(turn.items, perTurn, visit);
        if (end === 'enough') return;
        if (end === 'more') later.push(turn);
      }
      turns = later;
    }
  }

  #moveBack(owner: string): void {
    const line = this.#lines.get(owner);
    if (line === undefined) return;
    this.#lines.delete(owner);
    this.#lines.set(owner, line);
  }
}

function takeTurn<T>(
  items: Iterator<T, undefined>,
  perTurn: number,
  visit: (item: T) => Visit,
): Visit | 'line is over' {
  for (let visited = 0; visited < perTurn; visited++) {
    const next = items.next();
    if (next.done === true) return 'line is over';
    if (visit(next.value) === 'enough') return 'enough';
  }
  return 'more';
}
