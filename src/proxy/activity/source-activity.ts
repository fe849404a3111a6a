import { RecentDurations, type TypicalDuration } from '../../platform/time/recent-durations.ts';
import { FailingNodes, type FailingNode } from './failing-nodes.ts';
import type { LookupResult } from '../enrich/lookup.ts';
import type { Reason } from '../enrich/reason.ts';
import { RecentCounts } from './recent-counts.ts';
import type { AlertResult } from './result-counts.ts';

/** The activity of one source within the last minutes. */
export interface SourceSummary {
  readonly fetches: ReadonlyMap<Reason | 'ok', number>;
  readonly latency: TypicalDuration | undefined;
  /** Alerts by result. */
  readonly results: ReadonlyMap<AlertResult, number>;
  /** Alerts without fresh output, by reason. */
  readonly reasons: ReadonlyMap<Reason, number>;
  readonly failingNodes: readonly FailingNode[];
}

/** Recent activity of one source, for the page. Metrics serve the long run. */
export class SourceActivity {
  readonly #fetches: RecentCounts<Reason | 'ok'>;
  readonly #latency = new RecentDurations();
  readonly #results: RecentCounts<AlertResult>;
  readonly #reasons: RecentCounts<Reason>;
  readonly #nodes: FailingNodes;

  constructor(options: { now: () => number }) {
    this.#fetches = new RecentCounts(options);
    this.#results = new RecentCounts(options);
    this.#reasons = new RecentCounts(options);
    this.#nodes = new FailingNodes(options);
  }

  fetched(host: string, result: LookupResult<unknown>, milliseconds: number): void {
    this.#fetches.add(result.ok ? 'ok' : result.reason);
    this.#latency.add(milliseconds);
    this.#nodes.fetched(host, result);
  }

  enriched(results: ReadonlyMap<AlertResult, number>, reasons: ReadonlyMap<Reason, number>): void {
    for (const [result, count] of results) this.#results.add(result, count);
    for (const [reason, count] of reasons) this.#reasons.add(reason, count);
  }

  summary(): SourceSummary {
    return {
      fetches: this.#fetches.read(),
      latency: this.#latency.typical(),
      results: this.#results.read(),
      reasons: this.#reasons.read(),
      failingNodes: this.#nodes.list(),
    };
  }
}
