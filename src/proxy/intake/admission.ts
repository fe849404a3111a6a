import { FairLines } from '../../platform/order/fair-lines.ts';

export interface AdmissionOptions {
  /** Batches that may be enriched at a time. */
  readonly maxEnriching: number;
  /** Batches that may be held at a time; more wait in line. */
  readonly maxPending: number;
}

/** What a batch holds while it is inside. */
export interface Place {
  /** Whether it may be enriched: too many are otherwise. */
  readonly mayEnrich: boolean;
  /** Lets the next batch be enriched; calling it again changes nothing. */
  enrichmentDone(): void;
  /** Lets the next batch in; calling it again changes nothing. */
  leave(): void;
}

interface Waiting {
  readonly sender: string;
  readonly admit: (place: Place | undefined) => void;
}

/** More in line would not have their turn in time. */
const MAX_WAITING = 1_000;

/**
 * Bounds the batches that are held at a time. Too many are first forwarded as they are; then they wait in line, where
 * senders take turns.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #lines = new FairLines<Waiting>();
  #pending = 0;
  #enriching = 0;
  #waiting = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Number of batches inside. */
  get pending(): number {
    return this.#pending;
  }

  /** Number of batches in line. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves with a place as soon as it is this sender's turn; with undefined if that takes longer than `patience`
   * milliseconds, or the line is too long.
   */
  enter(sender: string, patience: number): Promise<Place | undefined> {
    if (this.#pending < this.#options.maxPending) return Promise.resolve(this.#admit());
    if (this.#waiting >= MAX_WAITING || patience <= 0) return Promise.resolve(undefined);
    return this.#wait(sender, patience);
  }

  #wait(sender: string, patience: number): Promise<Place | undefined> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        sender,
        admit: (place) => {
          clearTimeout(timer);
          this.#lines.delete(sender, waiting);
          this.#waiting -= 1;
          resolve(place);
        },
      };
      const timer = setTimeout(() => {
        waiting.admit(undefined);
      }, patience);
      this.#lines.add(sender, waiting);
      this.#waiting += 1;
    });
  }

  #admit(): Place {
    this.#pending += 1;
    const mayEnrich = this.#enriching < this.#options.maxEnriching;
    if (mayEnrich) this.#enriching += 1;
    const enrichmentDone = once(() => {
      if (mayEnrich) this.#enriching -= 1;
    });
    const leave = once(() => {
      enrichmentDone();
      this.#pending -= 1;
      this.#admitNext();
    });
    return { mayEnrich, enrichmentDone, leave };
  }

  #admitNext(): void {
    this.#lines.goRound(1, (waiting) => {
      waiting.admit(this.#admit());
      return 'enough';
    });
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
