import type { OverloadSnapshot } from './api/page/snapshot.ts';
import { RecentCounts } from './enrich/recent-counts.ts';
import type { ResultCounts } from './enrich/result-counts.ts';

/** The code that tells Prometheus that its batch was not taken; no Alertmanager's answer becomes one. */
const REFUSED = 503;

/** Remembers, for people who look, what was too much for the proxy within the last minutes. */
export class RecentOverload {
  readonly #counts: RecentCounts<keyof OverloadSnapshot>;

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

  summary(): OverloadSnapshot {
    const counts = this.#counts.read();
    return {
      refusedBatches: counts.get('refusedBatches') ?? 0,
      unaskedAlerts: counts.get('unaskedAlerts') ?? 0,
    };
  }
}
