import type { ResolveName } from '../../platform/http/name-resolver.ts';
import type { LoopWatch } from '../../platform/time/loop-watch.ts';
import type { Logger } from '../../platform/log/log.ts';
import { parseMatchers } from '../../alertmanager-api/matcher.ts';
import type { Config } from '../config/schema.ts';
import type { OutputCache } from '../enrich/output-cache.ts';
import { createLookupStack } from '../enrich/lookup-stack.ts';
import type { CircuitBreaker } from '../enrich/policy/circuit-breaker.ts';
import { TwoLineLimit } from '../enrich/policy/two-line-limit.ts';
import { ROUNDS_OF_FETCHES } from '../enrich/policy/fetch-limits.ts';
import type { MassOutage } from '../enrich/policy/mass-outage.ts';
import type { SourceRule } from '../enrich/rule.ts';
import { SourceActivity } from '../activity/source-activity.ts';
import { SourceOutage } from '../activity/source-outage.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import type { SourceMetrics } from '../metrics/source-metrics.ts';
import { settingsId } from '../../platform/config/settings-id.ts';
import { buildSource, outputFirst } from './source.ts';

type SourceConfig = Config['sources'][number];

/** The parts that all sources of a process share. */
export interface SharedParts {
  readonly enrichment: Config['enrichment'];
  readonly cache: OutputCache;
  readonly totalLimit: TwoLineLimit;
  readonly resolve: ResolveName;
  readonly metrics: Pick<SourceMetrics, 'fetched'>;
  readonly loop: LoopWatch;
  readonly log: Logger;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

/** A rule, and its state for page and metrics. */
export interface BuiltRule {
  readonly rule: SourceRule;
  readonly breaker: CircuitBreaker;
  readonly storm: MassOutage;
  readonly activity: SourceActivity;
}

/** In a mass outage of a source, fetches wait a third of the timeout: enough for the nodes that still answer. */
const STORM_SHARE = 3;

/** Returns the rule with these settings: the existing one, or a new one. */
export type ReuseRule = (id: string, create: () => BuiltRule) => BuiltRule;

/** Builds the sources of a configuration, in its order. Sources whose settings did not change are reused. */
export function buildRules({ sources }: Config, shared: SharedParts, keep: ReuseRule): BuiltRule[] {
  const { cache, max_concurrency: total, max_concurrency_per_host: perHost } = shared.enrichment;
  return sources.map((source) =>
    keep(settingsId(source, cache, total, perHost), () => buildRule(source, shared)),
  );
}

// The settings that decide what a URL returns. If only others change, the state of the nodes stays.
function outputId(source: SourceConfig): string {
  const { name, annotations, max_annotation: maxAnnotation, redact, charset } = source;
  const { basic_auth: basic, authorization, http_headers: headers } = source;
  return settingsId(name, annotations, maxAnnotation, redact, charset, basic, authorization, headers);
}

// Builds one source with the policies around it.
function buildRule(config: SourceConfig, shared: SharedParts): BuiltRule {
  const { enrichment, totalLimit, now } = shared;
  const activity = new SourceActivity({ now });
  const outage = new SourceOutage({ source: config.name, log: shared.log, now });
  const { source, batch } = buildSource(config, { ...shared, activity, outage });
  const { lookup, lastKnown, breaker, storm } = createLookupStack(source, {
    cache: shared.cache,
    ttl: enrichment.cache.ttl,
    negativeTtl: enrichment.cache.negative_ttl,
    staleIfError: enrichment.cache.stale_if_error,
    total: totalLimit,
    source: new TwoLineLimit({
      concurrency: config.max_concurrency ?? enrichment.max_concurrency,
      rounds: ROUNDS_OF_FETCHES,
    }),
    perHost: enrichment.max_concurrency_per_host,
    timeout: config.timeout,
    stormTimeout: Math.min(config.timeout, Math.ceil(config.connect_timeout / STORM_SHARE)),
    batch,
    loop: shared.loop,
    now,
  });
  return {
    rule: {
      source: config.name,
      id: outputId(config),
      matchers: config.matchers.flatMap(parseMatchers),
      template: parseUrlTemplate(config.url),
      resolved: config.resolved,
      overwrite: config.overwrite,
      outputAnnotation: outputFirst(config)[0] ?? '',
      lookup,
      lastKnown,
    },
    breaker,
    storm,
    activity,
  };
}
