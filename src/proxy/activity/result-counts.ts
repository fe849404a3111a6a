import { cacheStateOf, type CacheState } from './cache-state.ts';
import type { Enrichment } from '../enrich/enricher.ts';
import type { Reason } from '../enrich/reason.ts';

/** What became of an alert. */
export type AlertResult = CacheState | Exclude<Enrichment['kind'], 'asked'>;

/** Numbers of alerts by source and by a word for each; unmatched ones have the source ''. */
type CountsPerSource<Word> = ReadonlyMap<string, ReadonlyMap<Word, number>>;

/** A batch, added up: whoever counts then counts per batch instead of per alert. */
export interface ResultCounts {
  /** By what the alerts carry. */
  readonly results: CountsPerSource<AlertResult>;
  /** Those without fresh output, by the reason. */
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
