import { RE2JS } from 're2js';
import { createEgressGuard } from '../../platform/http/egress-guard.ts';
import { createHttpClient, type HttpClient } from '../../platform/http/http-client.ts';
import type { ResolveName } from '../../platform/http/name-resolver.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { AlertStatus } from '../alert/alert.ts';
import type { Config } from '../config/schema.ts';
import { OUTPUT_ANNOTATION } from '../enrich/annotation-names.ts';
import { createBatchExtractor, createExtractor, type ExtractorOptions } from '../enrich/extract.ts';
import type { BatchOptions } from '../enrich/lookup-stack.ts';
import type { Source } from '../enrich/lookup.ts';
import type { SourceActivity } from '../activity/source-activity.ts';
import type { SourceOutage } from '../activity/source-outage.ts';
import { createHttpBatchSource, createHttpSource } from '../enrich/source/http.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import type { SourceMetrics } from '../metrics/source-metrics.ts';
import { buildCredentials, buildTls } from '../../platform/http/from-config.ts';

type SourceConfig = Config['sources'][number];

interface SourceOptions {
  readonly resolve: ResolveName;
  readonly metrics: Pick<SourceMetrics, 'fetched'>;
  readonly activity: SourceActivity;
  readonly outage: SourceOutage;
  readonly log: Logger;
  readonly now: () => number;
}

/** The innermost lookup of one source. */
interface BuiltSource {
  readonly source: Source;
  readonly batch: BatchOptions | undefined;
}

export function buildSource(config: SourceConfig, options: SourceOptions): BuiltSource {
  const { name, max_response: maxResponse } = config;
  const { now } = options;
  const createClient = clientsOf(config, options);
  const extract = createExtractor(extractionOf(config));
  const source = createHttpSource({ client: createClient(maxResponse), extract, now });
  return {
    source: observed(source, name, options),
    batch: config.batch && buildBatch(config, config.batch, createClient, options),
  };
}

function buildBatch(
  config: SourceConfig,
  { label, url, list, name, max_response: maxResponse }: NonNullable<SourceConfig['batch']>,
  createClient: CreateClient,
  options: SourceOptions,
): BatchOptions {
  const extract = createBatchExtractor({ ...extractionOf(config), list, elementName: name });
  const source = createHttpBatchSource({ client: createClient(maxResponse), extract, now: options.now });
  return { label, template: parseUrlTemplate(url), source: observed(source, config.name, options) };
}

/** Creates the clients of one source, which differ in the size of the answers that they accept. */
type CreateClient = (maxResponseBytes: number) => HttpClient;

function clientsOf(config: SourceConfig, options: SourceOptions): CreateClient {
  const log = options.log.child({ source: config.name });
  const connection = {
    connectTimeout: config.connect_timeout,
    // Each node is queried about once a minute; 20,000 nodes must not become 20,000 idle sockets.
    keepAlive: false,
    guard: createEgressGuard(config.allow),
    credentials: buildCredentials(config, log),
    tls: buildTls(config, log),
    resolve: options.resolve,
  };
  return (maxResponseBytes) => createHttpClient({ ...connection, maxResponseBytes });
}

/**
 * The annotations of a source, with the one that holds the output, or the reason for its absence, first. That one is found
 * by name, because Helm sorts keys, and by its place only if the source does not write it.
 */
export function outputFirst({ annotations }: SourceConfig): readonly string[] {
  const names = Object.keys(annotations);
  return names.includes(OUTPUT_ANNOTATION) ? [...new Set([OUTPUT_ANNOTATION, ...names])] : names;
}

/** The expressions behind the annotations of a source. */
export function extractionOf(config: SourceConfig): ExtractorOptions {
  return {
    extractions: outputFirst(config).map((name) => ({ name, ...perStatus(config.annotations[name] ?? '') })),
    charsets: config.charset,
    redact: config.redact.map((pattern) => RE2JS.compile(pattern)),
    maxBytes: config.max_annotation,
  };
}

function perStatus(expression: SourceConfig['annotations'][string]): Record<AlertStatus, string> {
  return typeof expression === 'string' ? { firing: expression, resolved: expression } : expression;
}

function observed<T>(
  source: Source<T>,
  name: string,
  { metrics, activity, outage, now }: SourceOptions,
): Source<T> {
  return async (query, timeout) => {
    const startedAt = now();
    const result = await source(query, timeout);
    const milliseconds = now() - startedAt;
    metrics.fetched(name, result, milliseconds / 1000);
    activity.fetched(query.host, result, milliseconds);
    outage.fetched(query.host, result);
    return result;
  };
}
