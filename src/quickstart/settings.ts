import { parse } from 'yaml';
import { readPackageFile } from '../platform/file/package-files.ts';
import type { ScrapeTarget } from './target.ts';

type Settings = Readonly<Record<string, unknown>>;

interface ShippedProxyConfig extends Settings {
  readonly sources: readonly Settings[];
}

/** The shipped configuration of the proxy, with the addresses of this machine put in. */
export async function proxyConfig(alertmanager: string, target: ScrapeTarget): Promise<Settings> {
  const shipped = (await readShipped('alertmanager-proxy.yml')) as ShippedProxyConfig;
  const allow = {
    cidrs: ['127.0.0.0/8'],
    ports: [Number(target.address.split(':')[1])],
  };
  return {
    ...shipped,
    alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }],
    sources: shipped.sources.map((source) => ({ ...source, allow })),
  };
}

/** The shipped alerting rules. */
export function shippedRules(): Promise<Settings> {
  return readShipped('rules/checks.yml');
}

/** A Prometheus in a hurry, for which the proxy is the Alertmanager. */
export function prometheusConfig(proxy: string, { client, address }: ScrapeTarget): Settings {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [proxy] }] }] },
    scrape_configs: [
      {
        job_name: 'checks',
        static_configs: [{ targets: [address], labels: { client } }],
      },
    ],
  };
}

/** An Alertmanager that notifies nobody. */
export const ALERTMANAGER_CONFIG = {
  route: { receiver: 'nobody' },
  receivers: [{ name: 'nobody' }],
} satisfies Settings;

async function readShipped(file: string): Promise<Settings> {
  return parse(await readPackageFile(`config/${file}`)) as Settings;
}
