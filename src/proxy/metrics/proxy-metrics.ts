import { collectDefaultMetrics, type Registry } from 'prom-client';
import { createBatchMetrics, type BatchMetrics } from './batch-metrics.ts';
import { registerGauges, type Gauged } from './gauges.ts';
import { createRefusalMetrics, type RefusalMetrics } from './refusal-metrics.ts';
import { createReloadMetrics, type ReloadMetrics } from './reload-metrics.ts';
import { createSendMetrics, type SendMetrics } from './send-metrics.ts';
import { createSourceMetrics, type SourceMetrics } from './source-metrics.ts';

/** All metrics of the proxy, by event; docs/metrics.md lists the names. */
export type ProxyMetrics = BatchMetrics & SourceMetrics & SendMetrics & ReloadMetrics & RefusalMetrics;

/** Registers the metrics of the proxy, and those of the process. */
export function createProxyMetrics(registry: Registry, gauged: Gauged): ProxyMetrics {
  collectDefaultMetrics({ register: registry });
  registerGauges(registry, gauged);
  return {
    ...createBatchMetrics(registry),
    ...createSourceMetrics(registry),
    ...createSendMetrics(registry),
    ...createReloadMetrics(registry),
    ...createRefusalMetrics(registry),
  };
}
