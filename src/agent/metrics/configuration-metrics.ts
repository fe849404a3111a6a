import { Gauge, type Registry } from 'prom-client';
import type { LoadedConfiguration } from '../loaded-configuration.ts';

/** Shows what loading the Sensu configuration came to. Registered by the first load: without a configuration there is nothing to tell. */
export function createConfigurationMetrics(registry: Registry): (loaded: LoadedConfiguration) => void {
  let gauges: ConfigurationGauges | undefined;
  return function setConfiguration({ kind, counts }) {
    gauges ??= createGauges(registry);
    gauges.reloaded.set(kind === 'whole' ? 1 : 0);
    gauges.definitions.set({ state: 'usable' }, counts.usable);
    gauges.definitions.set({ state: 'broken' }, counts.broken);
  };
}

interface ConfigurationGauges {
  readonly reloaded: Gauge;
  readonly definitions: Gauge<'state'>;
}

function createGauges(registry: Registry): ConfigurationGauges {
  return {
    reloaded: new Gauge({
      name: 'check_agent_config_last_reload_successful',
      help: 'Whether the Sensu configuration was read without a problem.',
      registers: [registry],
    }),
    definitions: new Gauge({
      name: 'check_agent_definitions',
      help: 'Check definitions that can be used, and definitions and files that cannot.',
      labelNames: ['state'],
      registers: [registry],
    }),
  };
}
