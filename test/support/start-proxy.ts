import { stringify } from 'yaml';
import type { ListeningAppOptions } from '../../src/platform/web/listening-app.ts';
import { App } from '../../src/proxy/app.ts';
import { createRecordedLog } from './recorded-log.ts';
import { createTempFolder } from './temp-folder.ts';
import { encodeBatch, type PostedAlert } from './alert-builder.ts';

export interface RunningProxy {
  readonly url: string;
  /** Posts alerts as Prometheus does, and waits for the answer. */
  post(alerts: readonly PostedAlert[] | Buffer, headers?: Record<string, string>): Promise<Response>;
  /** All that it has logged. */
  log(): string;
  /** Puts another configuration in the place of its file; it counts after a reload. */
  rewrite(config: ProxyConfig): void;
  reload(): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** The configuration in the shape of its file. */
export type ProxyConfig = Readonly<Record<string, unknown>>;

// Nodes, and stubs in their place, answer within them however busy this machine is. In place of 2 s and 1 s.
const DEADLINE = '7s';
const TIMEOUT = '6s';

/** The proxy within the test's own process, on a free port. A batch waits 10 s for its outputs unless the test says otherwise. */
export async function startProxy(
  config: ProxyConfig,
  options: Partial<ListeningAppOptions> = {},
): Promise<RunningProxy> {
  const folder = createTempFolder();
  const configFile = folder.write('proxy.yml', textOf(config));
  const { log, text } = createRecordedLog({ level: 'debug' });
  const app = new App({
    configFile,
    listenAddress: '127.0.0.1:0',
    routePrefix: '/',
    enableLifecycle: false,
    log,
    ...options,
  });
  const url = await app.start();
  return {
    url,
    post: (alerts, headers = {}) =>
      fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: new Uint8Array(Buffer.isBuffer(alerts) ? alerts : encodeBatch(alerts)),
      }),
    log: text,
    rewrite: (changed) => folder.write('proxy.yml', textOf(changed)),
    reload: () => app.reload(),
    stop: async () => {
      await app.stop();
      folder.remove();
    },
  };
}

function textOf(config: ProxyConfig): string {
  const { enrichment } = config;
  const own = typeof enrichment === 'object' ? enrichment : {};
  return stringify({ ...config, enrichment: { deadline: DEADLINE, ...own } });
}

/** A source that asks the stub agent named by the label `instance`, as the shipped configuration does, and waits 9 s for it. */
export function agentSource(parts: ProxyConfig = {}): ProxyConfig {
  return {
    name: 'node-agent',
    matchers: ['check=~".+"'],
    url: 'http://{instance}/checks/{check}',
    timeout: TIMEOUT,
    annotations: { check_output: 'check.output' },
    // Test and proxy share a process, which a busy machine may leave waiting for longer than the usual 300 ms.
    connect_timeout: '900ms',
    ...parts,
  };
}

/** An entry of `alertmanagers` with these for targets; other settings of it can be spread beside. */
export function sendTo(...stubs: readonly { readonly address: string }[]): ProxyConfig {
  return { static_configs: [{ targets: stubs.map(({ address }) => address) }] };
}

/** Lets a source connect to stubs on loopback. */
export function allowLoopback(...ports: readonly number[]): ProxyConfig {
  return { ports, cidrs: ['127.0.0.0/8'] };
}
