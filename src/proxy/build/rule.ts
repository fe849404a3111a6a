import { RE2JS } from 're2js';
import { createEgressGuard } from '../../platform/http/egress-guard.ts';
import { createHttpClient } from '../../platform/http/http-client.ts';
import type { ResolveName } from '../../platform/http/name-resolver.ts';
import type { Logger } from '../../platform/log.ts';
import { parseMatcher } from '../alert/matcher.ts';
import type { Config } from '../config/schema.ts';
import type { OutputCache } from '../enrich/cache.ts';
import { createExtractor } from '../enrich/extract.ts';
import { createLookupStack } from '../enrich/lookup-stack.ts';
import type { CircuitBreaker } from '../enrich/policy/circuit-breaker.ts';
import { createLimit, type Limit } from '../enrich/policy/limit.ts';
import type { Storm } from '../enrich/policy/storm.ts';
import type { Source } from '../enrich/policy/timed.ts';
import type { Rule } from '../enrich/rule.ts';
import { SourceActivity } from '../enrich/source-activity.ts';
import { createHttpSource } from '../enrich/source/http.ts';
import { parseUrlTemplate } from '../enrich/url-template.ts';
import type { ProxyMetrics } from '../metrics.ts';
import { buildCredentials, buildTls } from './http-client.ts';
import { settingsId } from './settings-id.ts';

type SourceConfig = Config['sources'][number];

/** What all sources of a process share. */
export interface Shared {
  readonly enrichment: Config['enrichment'];
  readonly cache: OutputCache;
  readonly totalLimit: Limit;
  readonly resolve: ResolveName;
  readonly metrics: Pick<ProxyMetrics, 'fetched'>;
  readonly log: Logger;
  readonly now: () => number;
}

/** A rule, and what a page or a metric wants to know of it. */
export interface BuiltRule {
  readonly rule: Rule;
  readonly breaker: CircuitBreaker;
  readonly storm: Storm;
  readonly activity: SourceActivity;
}

/** Most nodes of a source are gone: a third of the usual patience finds those that are not. */
const STORM_SHARE = 3;

/** The rule with these settings: one that is kept, or a new one. */
export type KeepRule = (id: string, create: () => BuiltRule) => BuiltRule;

/** The sources of a configuration, in its order; those whose settings did not change are kept. */
export function buildRules({ sources }: Config, shared: Shared, keep: KeepRule): BuiltRule[] {
  const { cache, max_concurrency: total, max_concurrency_per_host: perHost } = shared.enrichment;
  return sources.map((source) =>
    keep(settingsId(source, cache, total, perHost), () => buildRule(source, shared)),
  );
}

// What decides which output a URL leads to. The rest of a source may change, and what is known of its nodes stays.
function outputId(source: SourceConfig): string {
  const { name, annotations, max_annotation: maxAnnotation, redact, charset } = source;
  const { basic_auth: basic, authorization, http_headers: headers } = source;
  return settingsId(name, annotations, maxAnnotation, redact, charset, basic, authorization, headers);
}

// One source, with the policies around it.
function buildRule(config: SourceConfig, shared: Shared): BuiltRule {
  const { enrichment, totalLimit, now } = shared;
  const activity = new SourceActivity({ now });
  const source = buildSource(config, activity, shared);
  const { lookup, lastKnown, breaker, storm } = createLookupStack(source, {
    cache: shared.cache,
    ttl: enrichment.cache.ttl,
    negativeTtl: enrichment.cache.negative_ttl,
    staleIfError: enrichment.cache.stale_if_error,
    total: totalLimit,
    source: createLimit(config.max_concurrency ?? enrichment.max_concurrency),
    perHost: enrichment.max_concurrency_per_host,
    timeout: config.timeout,
    stormTimeout: Math.min(config.timeout, Math.ceil(config.connect_timeout / STORM_SHARE)),
    now,
  });
  return {
    rule: {
      source: config.name,
      id: outputId(config),
      matchers: config.matchers.map(parseMatcher),
      template: parseUrlTemplate(config.url),
      resolved: config.resolved,
      overwrite: config.overwrite,
      outputAnnotation: Object.keys(config.annotations)[0] ?? '',
      lookup,
      lastKnown,
    },
    breaker,
    storm,
    activity,
  };
}

function buildSource(config: SourceConfig, activity: SourceActivity, shared: Shared): Source {
  const log = shared.log.child({ source: config.name });
  const client = createHttpClient({
    connectTimeout: config.connect_timeout,
    maxResponseBytes: config.max_response,
    // Each node is asked about once a minute; 20,000 of them must not become 20,000 idle sockets.
    keepAlive: false,
    guard: createEgressGuard(config.allow),
    credentials: buildCredentials(config, log),
    tls: buildTls(config, log),
    resolve: shared.resolve,
  });
  const extract = createExtractor({
    extractions: Object.entries(config.annotations).map(([name, expression]) => ({
      name,
      firing: expression,
      resolved: expression,
    })),
    charsets: config.charset,
    redact: config.redact.map((pattern) => RE2JS.compile(pattern)),
    maxBytes: config.max_annotation,
  });
  return observed(createHttpSource({ client, extract, now: shared.now }), config.name, activity, shared);
}

function observed(source: Source, name: string, activity: SourceActivity, { metrics, now }: Shared): Source {
  return async (query, timeout) => {
    const startedAt = now();
    const result = await source(query, timeout);
    const milliseconds = now() - startedAt;
    metrics.fetched(name, result, milliseconds / 1000);
    activity.fetched(query.host, result, milliseconds);
    return result;
  };
}
