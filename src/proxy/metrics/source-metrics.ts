import { Counter, Histogram, type Registry } from 'prom-client';
import { CACHE_STATES } from '../activity/cache-state.ts';
import type { LookupResult } from '../enrich/lookup.ts';
import { NEVER_FETCHED, REASONS } from '../enrich/reason.ts';
import type { AlertResult, ResultCounts } from '../activity/result-counts.ts';
import { REQUEST_SECONDS, named } from './metric.ts';

/** The results that an alert of a source can have; unmatched alerts have no source. */
const RESULTS = [...CACHE_STATES, 'skipped'] as const satisfies readonly AlertResult[];
const FETCH_ENDS = ['ok', ...REASONS.filter((reason) => !NEVER_FETCHED.has(reason))] as const;

/** Counters of alerts and fetches, by source. */
export interface SourceMetrics {
  readonly alertsEnriched: (counts: ResultCounts) => void;
  /** The sources in force: creates the series of new ones at zero, and removes those of all others. */
  readonly followSources: (sources: readonly string[]) => void;
  readonly fetched: (source: string, result: LookupResult<unknown>, seconds: number) => void;
}

/** Registers the counters of sources. A source has series once it is in force. */
export function createSourceMetrics(registry: Registry): SourceMetrics {
  const { enriched, failures, fetches, duration } = registerSourceSeries(registry);
  // A late fetch of a removed source must not bring its series back. Unmatched alerts have no source.
  const inForce = new Set(['']);
  const add = (source: string): void => {
    inForce.add(source);
    for (const result of RESULTS) enriched.inc({ source, result }, 0);
    for (const reason of REASONS) failures.inc({ source, reason }, 0);
    for (const reason of FETCH_ENDS) fetches.inc({ source, reason }, 0);
  };
  const remove = (source: string): void => {
    inForce.delete(source);
    for (const result of RESULTS) enriched.remove({ source, result });
    for (const reason of REASONS) failures.remove({ source, reason });
    for (const reason of FETCH_ENDS) fetches.remove({ source, reason });
    duration.remove({ source });
  };
  return {
    alertsEnriched: ({ results, reasons }) => {
      for (const [source, counts] of results) {
        if (!inForce.has(source)) continue;
        for (const [result, count] of counts) enriched.inc({ source, result }, count);
      }
      for (const [source, counts] of reasons) {
        if (!inForce.has(source)) continue;
        for (const [reason, count] of counts) failures.inc({ source, reason }, count);
      }
    },
    followSources: (sources) => {
      for (const source of inForce) if (source !== '' && !sources.includes(source)) remove(source);
      for (const source of sources) if (!inForce.has(source)) add(source);
    },
    fetched: (source, result, seconds) => {
      if (!inForce.has(source)) return;
      fetches.inc({ source, reason: result.ok ? 'ok' : result.reason });
      duration.observe({ source }, seconds);
    },
  };
}

function registerSourceSeries(registry: Registry) {
  const counter = <Label extends string>(
    name: string,
    help: string,
    label: Label,
  ): Counter<'source' | Label> =>
    new Counter({ ...named(registry, name, help), labelNames: ['source', label] });
  return {
    enriched: counter(
      'alerts_enriched_total',
      'Alerts by source and by what they carry; unmatched ones have no source.',
      'result',
    ),
    failures: counter(
      'enrichment_failures_total',
      'Alerts without fresh output, by the reason that they carry.',
      'reason',
    ),
    fetches: counter('fetches_total', 'Fetches from a source, by reason of failure, or ok.', 'reason'),
    duration: new Histogram({
      ...named(registry, 'fetch_duration_seconds', 'Time of one fetch.'),
      labelNames: ['source'],
      buckets: REQUEST_SECONDS,
    }),
  };
}
