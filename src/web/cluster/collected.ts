import type { AlertmanagerCollector } from '../collect/alertmanager.ts';
import type { PrometheusCollector } from '../collect/prometheus.ts';

/** The collectors whose answers make a snapshot. */
export interface Collected {
  readonly alertmanagers: readonly AlertmanagerCollector[];
  readonly prometheus: readonly PrometheusCollector[];
  /** Milliseconds between two rounds. */
  readonly interval: number;
}
