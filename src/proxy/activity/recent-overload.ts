import { RecentCounts } from './recent-counts.ts';
import type { ResultCounts } from './result-counts.ts';

/** How far the proxy was overloaded within the last minutes. */
export interface OverloadSummary {
  /** Answered with 503, and not forwarded. */
  readonly refusedBatches: number;
  /** Forwarded with the reason `overloaded`, and with the last known output if there was one. */
  readonly unaskedAlerts: number;
}

/** The proxy's own refusal; an Alertmanager's answer never becomes a 503. */
const REFUSED = 503;

/** Counts refused batches and unasked alerts of the last minutes, for the page. */
export class RecentOverload {
  readonly #counts: RecentCounts<keyof OverloadSummary>;

  constructor(options: { now: () => number }) {
    this.#counts = new RecentCounts(options);
  }

  answered(code: number): void {
    if (code === REFUSED) this.#counts.add('refusedBatches');
  }

  enriched({ reasons }: ResultCounts): void {
    for (const counts of reasons.values()) {
      const unasked = counts.get('overloaded') ?? 0;
      if (unasked > 0) this.#counts.add('unaskedAlerts', unasked);
    }
  }

  summary(): OverloadSummary {
    const counts = this.#counts.read();
    return {
      refusedBatches: counts.get('refusedBatches') ?? 0,
      unaskedAlerts: counts.get('unaskedAlerts') ?? 0,
    };
  }
}
