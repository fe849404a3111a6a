import { cacheStateOf, type CacheState } from './cache-state.ts';
import type { Enrichment } from '../enrich/enricher.ts';
import type { Reason } from '../enrich/reason.ts';

/** The result of one alert's enrichment. */
export type AlertResult = CacheState | Exclude<Enrichment['kind'], 'asked'>;

/** Numbers of alerts by source and by result or reason; unmatched alerts have the source ''. */
type CountsPerSource<Word> = ReadonlyMap<string, ReadonlyMap<Word, number>>;

/** The results of a batch, added up once for all counters. */
export interface ResultCounts {
  /** Alerts by result. */
  readonly results: CountsPerSource<AlertResult>;
  /** Alerts without fresh output, by reason. */
  readonly reasons: CountsPerSource<Reason>;
}

export function countResults(enrichments: readonly Enrichment[]): ResultCounts {
  const results = new Map<string, Map<AlertResult, number>>();
  const reasons = new Map<string, Map<Reason, number>>();
  for (const enrichment of enrichments) {
    const source = enrichment.kind === 'unmatched' ? '' : enrichment.rule.source;
    add(results, source, enrichment.kind === 'asked' ? cacheStateOf(enrichment.result) : enrichment.kind);
    if (enrichment.kind === 'asked' && !enrichment.result.ok) add(reasons, source, enrichment.result.reason);
  }
  return { results, reasons };
}

function add<Word>(counts: Map<string, Map<Word, number>>, source: string, word: Word): void {
  let words = counts.get(source);
  if (words === undefined) counts.set(source, (words = new Map<Word, number>()));
  words.set(word, (words.get(word) ?? 0) + 1);
}
