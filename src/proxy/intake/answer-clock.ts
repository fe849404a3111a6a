/** Prometheus goes after 10 s, and never sends the batch again. */
const TIME_FOR_ANSWER_MS = 9_000;
/** What the Alertmanagers get of it at least. */
const TIME_FOR_DELIVERY_MS = 2_000;
/** A batch that is let in later has no time left for its way. */
const TIME_INSIDE_MS = 1_000;

/** The one clock of a request, from its first byte: all that happens to its batch shares this time. */
export class AnswerClock {
  readonly #endsAt: number;
  readonly #monotonic: () => number;

  /** @param startedAt when the first byte came, in milliseconds of the monotonic clock */
  constructor(startedAt: number, monotonic: () => number) {
    this.#endsAt = startedAt + TIME_FOR_ANSWER_MS;
    this.#monotonic = monotonic;
  }

  /** Milliseconds until the answer is due. */
  left(): number {
    return Math.max(0, this.#endsAt - this.#monotonic());
  }

  /** Milliseconds that the batch may wait in line. */
  leftForLine(): number {
    return this.left() - TIME_INSIDE_MS;
  }

  /** Milliseconds that enrichment may take; 0 or less: none. */
  leftForEnrichment(): number {
    return this.left() - TIME_FOR_DELIVERY_MS;
  }
}
