import { Gauge, type Registry } from 'prom-client';
import { named } from './metric.ts';

/** Gauges of configuration reloads. */
export interface ReloadMetrics {
  readonly reloaded: (isSuccessful: boolean) => void;
}

/** Registers the gauges of reloads. */
export function createReloadMetrics(registry: Registry): ReloadMetrics {
  const successful = new Gauge(
    named(registry, 'config_last_reload_successful', 'Whether the last configuration reload worked.'),
  );
  const timestamp = new Gauge(
    named(registry, 'config_last_reload_success_timestamp_seconds', 'When a configuration was last loaded.'),
  );
  return {
    reloaded: (isSuccessful) => {
      successful.set(isSuccessful ? 1 : 0);
      if (isSuccessful) timestamp.setToCurrentTime();
    },
  };
}
