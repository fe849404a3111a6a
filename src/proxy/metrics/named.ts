import type { Registry } from 'prom-client';

/** The settings that all metrics of the proxy share: prefixed name, help and registry. */
export function named(
  registry: Registry,
  name: string,
  help: string,
): { name: string; help: string; registers: Registry[] } {
  return { name: `alertmanager_proxy_${name}`, help, registers: [registry] };
}
