import type { Registry } from 'prom-client';

/** Histogram buckets for one request, in seconds. */
export const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Histogram buckets for a batch, in seconds: finer from 5 to 9 s, because Prometheus gives up at 10 s. */
export const BATCH_SECONDS = [...REQUEST_SECONDS.filter((bound) => bound < 10), 6, 7, 8, 9, 10];

/** The settings that all metrics of the proxy share: prefixed name, help and registry. */
export function named(
  registry: Registry,
  name: string,
  help: string,
): { name: string; help: string; registers: Registry[] } {
  return { name: `alertmanager_proxy_${name}`, help, registers: [registry] };
}
