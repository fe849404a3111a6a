import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Logger } from '../platform/log.ts';
import { startAlertmanager } from './alertmanager.ts';
import { findBinary, versionOf } from './binaries.ts';
import { startDemoAgent } from './demo-agent.ts';
import { DEMO_CLIENTS } from './demo-checks.ts';
import { startPrometheus } from './prometheus.ts';
import { ALERTMANAGER_CONFIG, prometheusConfig, proxyConfig, shippedRules } from './settings.ts';
import { startStandInAlertmanager } from './stand-in-alertmanager.ts';
import { startStandInPrometheus } from './stand-in-prometheus.ts';
import { Steps, type Running, type Serving, type Step } from './steps.ts';
import type { Target } from './target.ts';
import { watchAlerts } from './watch.ts';

interface QuickstartOptions {
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** Ends the quickstart, also while it is still starting. */
  readonly signal: AbortSignal;
  /** Kills the programs that it started, before it returns. */
  readonly halt: AbortSignal;
  /** Runs the proxy with this configuration file on a free loopback port. */
  readonly startProxy: (configFile: string) => Promise<Serving>;
}

/** Runs the main job on this machine until the signal, and leaves nothing behind. */
export async function quickstart(options: QuickstartOptions): Promise<void> {
  const { print, signal } = options;
  const steps = new Steps({ print, signal });
  try {
    const alertmanager = await startAll(steps, options);
    print(`\nWhat GET ${alertmanager.url}/api/v2/alerts returns, until Ctrl-C:\n\n`);
    await watchAlerts({ alertmanagerUrl: alertmanager.url, print, signal });
  } catch (error) {
    // A terminal's Ctrl-C also goes to the programs beside us; what fails without them is no mistake.
    if (!signal.aborted) throw error;
  } finally {
    print('\nstopping ... ');
    await steps.stop();
    print('ok\n');
  }
}

/** Returns Alertmanager. */
async function startAll(steps: Steps, { env, log, startProxy, halt }: QuickstartOptions): Promise<Serving> {
  const folder = await mkdtemp(join(tmpdir(), 'alertmanager-proxy-quickstart-'));
  steps.onStop(() => rm(folder, { recursive: true, force: true }));

  const targets = await startDemoAgents(steps, log);
  const alertmanager = await steps.start(await anAlertmanager(env, log, folder, halt));
  const configFile = join(folder, 'alertmanager-proxy.yml');
  await writeFile(configFile, stringify(await proxyConfig(addressOf(alertmanager), targets)));
  const proxy = await steps.start({ name: 'the proxy', begin: () => startProxy(configFile) });
  await steps.start(await aPrometheus(env, folder, proxy, targets, halt));
  return alertmanager;
}

async function startDemoAgents(steps: Steps, log: Logger): Promise<Target[]> {
  const targets: Target[] = [];
  for (const demo of DEMO_CLIENTS) {
    const name = `the agent of the demo node ${demo.client}`;
    const agent = await steps.start({ name, begin: () => startDemoAgent(demo, log) });
    targets.push({ client: demo.client, address: addressOf(agent) });
  }
  return targets;
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
  targets: readonly Target[],
  halt: AbortSignal,
): Promise<Step<Running>> {
  const binary = findBinary('prometheus', env);
  if (binary === undefined) {
    const name = 'a small stand-in for Prometheus, which is not installed';
    return { name, begin: () => startStandInPrometheus(proxy.url, targets) };
  }
  const config = prometheusConfig(addressOf(proxy), targets);
  const rules = await shippedRules();
  return {
    name: `Prometheus ${await versionOf(binary)}`,
    begin: () => startPrometheus({ binary, folder, config, rules, resendDelay: '2s', halt }),
  };
}

function addressOf({ url }: Serving): string {
  return new URL(url).host;
}
