import type { Alert } from '../alert/alert.ts';
import { cacheStateOf, type CacheState } from './cache-state.ts';
import type { Asked, Enrichment } from './enricher.ts';
import type { Reason } from './reason.ts';

/** What a person wants to know of one enrichment. */
export interface RecentEnrichment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly alertname: string;
  readonly labels: Alert['labels'];
  readonly status: Asked['status'];
  readonly source: string;
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly cache: CacheState;
  readonly milliseconds: number;
  readonly reason: Reason | undefined;
  /** What more is known of a failure. */
  readonly detail: string | undefined;
  /** The first line of the output, cut; undefined if it could not be had. */
  readonly output: string | undefined;
}

/** The last enrichments, newest first. */
export class RecentEnrichments {
  readonly #size: number;
  readonly #now: () => number;
  // Kept as they came: most are overwritten before anybody looks.
  readonly #ring: { at: number; alert: Alert; asked: Asked }[] = [];
  #next = 0;

  constructor({ size, now }: { size: number; now: () => number }) {
    this.#size = size;
    this.#now = now;
  }

  /** Takes those of a batch that were asked about. */
  add(alerts: readonly Alert[], enrichments: readonly Enrichment[]): void {
    const at = this.#now();
    for (const [index, alert] of alerts.entries()) {
      const asked = enrichments[index];
      if (asked?.kind !== 'asked') continue;
      this.#ring[this.#next] = { at, alert, asked };
      this.#next = (this.#next + 1) % this.#size;
    }
  }

  list(): RecentEnrichment[] {
    const newestFirst = [
      ...this.#ring.slice(0, this.#next).reverse(),
      ...this.#ring.slice(this.#next).reverse(),
    ];
    return newestFirst.map(({ at, alert, asked }) => describe(at, alert, asked));
  }
}

function describe(at: number, { labels }: Alert, asked: Asked): RecentEnrichment {
  const { rule, query, result, status, milliseconds } = asked;
  return {
    at,
    alertname: labels['alertname'] ?? '',
    labels,
    status,
    source: rule.source,
    url: query?.url,
    host: query?.host,
    cache: cacheStateOf(result),
    milliseconds,
    reason: result.ok ? undefined : result.reason,
    detail: result.ok ? undefined : result.detail,
    output: result.ok
      ? firstLine(result.output.annotations[status].entries[rule.outputAnnotation] ?? '')
      : undefined,
  };
}

const MAX_LINE = 120;

function firstLine(output: string): string {
  const [line = ''] = output.trimStart().split('\n', 1);
  // Not half a character at the cut.
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE).toWellFormed()}…` : line;
}
