export interface AdmissionOptions {
  /** Batches that may be enriched at a time. */
  readonly maxEnriching: number;
  /** Batches that may be held at a time; beyond it new ones are refused. */
  readonly maxPending: number;
}

export type Admitted = 'enrich' | 'plain' | 'refused';

/** Bounds what is held in memory: too many batches at once are first forwarded as they are, then refused. */
export class Admission {
  readonly #options: AdmissionOptions;
  #pending = 0;
  #enriching = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Runs the work with what it may do, and counts it for as long as it takes. */
  async run<T>(work: (admitted: Admitted, enriched: () => void) => Promise<T>): Promise<T> {
    if (this.#pending >= this.#options.maxPending) return work('refused', () => undefined);
    this.#pending += 1;
    const mayEnrich = this.#enriching < this.#options.maxEnriching;
    let isEnriching = mayEnrich;
    if (mayEnrich) this.#enriching += 1;
    const enriched = (): void => {
      if (isEnriching) this.#enriching -= 1;
      isEnriching = false;
    };
    try {
      return await work(mayEnrich ? 'enrich' : 'plain', enriched);
    } finally {
      enriched();
      this.#pending -= 1;
    }
  }
}
