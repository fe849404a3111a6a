import type { Registry } from 'prom-client';

/** The name and the help of a metric of the proxy, which all begin alike, and where it is registered. */
export function named(
  registry: Registry,
  name: string,
  help: string,
): { name: string; help: string; registers: Registry[] } {
  return { name: `alertmanager_proxy_${name}`, help, registers: [registry] };
}
