import { cacheStateOf, type CacheState } from './cache-state.ts';
import type { Alert } from '../alert/alert.ts';
import type { Enriched, Enrichment } from '../enrich/enricher.ts';
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

/**
 * Counts a batch. No failure is a resolved alert of a check that the node no longer knows: it was removed. Nor is an alert that brings
 * its own text, which stays.
 */
export function countResults(
  alerts: readonly Pick<Alert, 'annotation'>[],
  enrichments: readonly Enrichment[],
): ResultCounts {
  const results = new Map<string, Map<AlertResult, number>>();
  const reasons = new Map<string, Map<Reason, number>>();
  for (const [index, enrichment] of enrichments.entries()) {
    const source = enrichment.kind === 'unmatched' ? '' : enrichment.rule.source;
    if (enrichment.kind !== 'asked') {
      add(results, source, enrichment.kind);
      continue;
    }
    const { result } = enrichment;
    if (!result.ok && isDispensable(alerts[index], enrichment)) {
      add(results, source, 'skipped');
      continue;
    }
    add(results, source, cacheStateOf(result));
    if (!result.ok) add(reasons, source, result.reason);
  }
  return { results, reasons };
}

function isDispensable(
  alert: Pick<Alert, 'annotation'> | undefined,
  { rule, status, result }: Enriched,
): boolean {
  const isGone = status === 'resolved' && !result.ok && result.reason === 'not_found';
  return isGone || (!rule.overwrite && alert?.annotation(rule.outputAnnotation) !== undefined);
}

function add<Word>(counts: Map<string, Map<Word, number>>, source: string, word: Word): void {
  let words = counts.get(source);
  if (words === undefined) counts.set(source, (words = new Map<Word, number>()));
  words.set(word, (words.get(word) ?? 0) + 1);
}
