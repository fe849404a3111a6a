import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { stringify } from 'yaml';
import { createLogger } from '../../src/platform/log/log.ts';
import { WebApp } from '../../src/web/app.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitFor } from './wait-for.ts';

export interface WebScene {
  /** Where the pages are, without a slash at the end. */
  readonly url: string;
  readonly app: WebApp;
  readonly log: () => string;
  /** The JSON that a path answers. */
  json(path: string, init?: RequestInit): Promise<Record<string, unknown>>;
  /** Writes another configuration; the app reads it when told to. */
  write(config: object): void;
  stop(): Promise<void>;
}

/** One second between two rounds: tests do not wait as long as people. */
const QUICK = { interval: '100ms', inventory_interval: '100ms', timeout: '500ms', max_share: 1 };

/** A configuration of one cluster for each entry: Alertmanagers and Prometheus servers by address. */
export function clustersOf(
  clusters: Readonly<Record<string, { am: readonly string[]; prom?: readonly string[] }>>,
): object[] {
  return Object.entries(clusters).map(([name, { am, prom = [] }]) => ({
    name,
    alertmanagers: [{ static_configs: [{ targets: am }] }],
    ...(prom.length > 0 && { prometheus: [{ static_configs: [{ targets: prom }] }] }),
  }));
}

/** Runs the page in this process on a free port. */
export async function startWebScene(config: object): Promise<WebScene> {
  const folder = createTempFolder();
  const configFile = join(folder.path, 'web.yml');
  const write = (next: object): void => {
    writeFileSync(configFile, stringify({ refresh: QUICK, ...next }));
  };
  write(config);
  let printed = '';
  const stream = new Writable({
    write(chunk, _, done) {
      printed += String(chunk);
      done();
    },
  });
  const log = createLogger({ level: 'info', format: 'logfmt', stream });
  const app = new WebApp({
    configFile,
    listenAddress: '127.0.0.1:0',
    routePrefix: '/',
    enableLifecycle: true,
    log,
  });
  const url = (await app.start()).replace(/\/$/, '');
  await waitFor('the first answers', async () => (await fetch(`${url}/-/ready`)).ok, { show: () => printed });
  return {
    url,
    app,
    log: () => printed,
    json: async (path, init) =>
      (await (await fetch(`${url}${path}`, init)).json()) as Record<string, unknown>,
    write,
    stop: async () => {
      await app.stop();
      folder.remove();
    },
  };
}
