import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Logger } from '../platform/log/log.ts';
import { startAlertmanager } from './alertmanager.ts';
import { findBinary, versionOf } from './binaries.ts';
import { writeDemoNode, type DemoNode } from './demo-node.ts';
import { disturbMailQueue } from './mail-queue.ts';
import { startPrometheus } from './prometheus.ts';
import { ALERTMANAGER_CONFIG, prometheusConfig, proxyConfig, shippedRules } from './settings.ts';
import { startStandInAlertmanager } from './stand-in-alertmanager.ts';
import { startStandInPrometheus } from './stand-in-prometheus.ts';
import { Steps, type Running, type Serving, type Step } from './steps.ts';
import type { ScrapeTarget } from './target.ts';
import { watchAlerts } from './watch.ts';

interface QuickstartOptions {
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** Ends the quickstart, also while it is still starting. */
  readonly signal: AbortSignal;
  /** Kills the programs that it started, before it returns. */
  readonly halt: AbortSignal;
  /** Runs the checks of the node, and its agent on a free loopback port. */
  readonly startNode: (node: DemoNode) => Promise<Serving>;
  /** Runs the proxy with this configuration file on a free loopback port. */
  readonly startProxy: (configFile: string) => Promise<Serving>;
}

/** Runs the main job on this machine until the signal, and leaves nothing behind. */
export async function quickstart(options: QuickstartOptions): Promise<void> {
  const { print, signal } = options;
  const steps = new Steps({ print, signal });
  try {
    const { alertmanager, node } = await startAll(steps, options);
    print(`\nWhat GET ${alertmanager.url}/api/v2/alerts returns, until Ctrl-C:\n`);
    print('(check_backup fails all the time; check_mailq comes and goes)\n\n');
    await Promise.all([
      watchAlerts({ alertmanagerUrl: alertmanager.url, print, signal }),
      disturbMailQueue({ queue: node.queue, print, signal }),
    ]);
  } catch (error) {
    // A terminal's Ctrl-C also goes to the programs beside us; what fails without them is no mistake.
    if (!signal.aborted) throw error;
  } finally {
    print('\nstopping ... ');
    await steps.stop();
    print('ok\n');
  }
}

async function startAll(
  steps: Steps,
  { env, log, startNode, startProxy, halt }: QuickstartOptions,
): Promise<{ alertmanager: Serving; node: DemoNode }> {
  const folder = await mkdtemp(join(tmpdir(), 'alertmanager-proxy-quickstart-'));
  steps.onStop(() => rm(folder, { recursive: true, force: true }));

  const node = await writeDemoNode(folder);
  const agent = await steps.start({
    name: `three checks of the demo node ${node.client}, and its agent`,
    begin: () => startNode(node),
  });
  const target = { client: node.client, address: addressOf(agent) };
  const alertmanager = await steps.start(await anAlertmanager(env, log, folder, halt));
  const configFile = join(folder, 'alertmanager-proxy.yml');
  await writeFile(configFile, stringify(await proxyConfig(addressOf(alertmanager), target)));
  const proxy = await steps.start({ name: 'the proxy', begin: () => startProxy(configFile) });
  await steps.start(await aPrometheus(env, folder, proxy, target, halt));
  return { alertmanager, node };
}

async function anAlertmanager(
  env: QuickstartOptions['env'],
  log: Logger,
  folder: string,
  halt: AbortSignal,
): Promise<Step<Serving>> {
  const binary = findBinary('alertmanager', env);
  if (binary === undefined) {
    const name = 'a small stand-in for Alertmanager, which is not installed';
    return { name, begin: () => startStandInAlertmanager(log) };
  }
  return {
    name: `Alertmanager ${await versionOf(binary)}`,
    begin: () => startAlertmanager({ binary, folder, config: ALERTMANAGER_CONFIG, halt }),
  };
}

async function aPrometheus(
  env: QuickstartOptions['env'],
  folder: string,
  proxy: Serving,
  target: ScrapeTarget,
  halt: AbortSignal,
): Promise<Step<Running>> {
  const binary = findBinary('prometheus', env);
  if (binary === undefined) {
    const name = 'a small stand-in for Prometheus, which is not installed';
    return { name, begin: () => startStandInPrometheus(proxy.url, target) };
  }
  const config = prometheusConfig(addressOf(proxy), target);
  const rules = await shippedRules();
  return {
    name: `Prometheus ${await versionOf(binary)}`,
    begin: () => startPrometheus({ binary, folder, config, rules, resendDelay: '2s', halt }),
  };
}

function addressOf({ url }: Serving): string {
  return new URL(url).host;
}
