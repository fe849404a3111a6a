import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { parse } from 'yaml';
import { firing, type PostedAlert } from './alert-builder.ts';
import { listen, type Listening } from './listen.ts';
import { createRunningAgent, type RunningAgent } from './running-agent.ts';
import { expandPresets } from '../../src/proxy/config/expand-presets.ts';
import { allowLoopback, sendTo, startProxy, type ProxyConfig, type RunningProxy } from './start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from './stub-alertmanager.ts';

interface ShippedSource {
  readonly annotations: Readonly<Record<string, unknown>>;
}

const { sources } = expandPresets(
  parse(readFileSync(join(import.meta.dirname, '../../config/alertmanager-proxy.yml'), 'utf8')),
).content as { sources: ShippedSource[] };

/** What the tests know a failing check by. */
export const CRITICAL = { name: 'check_disk', status: 2, output: 'DISK CRITICAL - /var 97 %\n' };

/** A proxy with the sources of the shipped configuration, and a real agent; to be looked at while a test runs. */
export interface ShippedScene {
  readonly agent: RunningAgent;
  /** What the agent was asked for. */
  readonly requests: readonly string[];
  /** How long its answers were, in bytes. */
  readonly answeredBytes: readonly number[];
  /** An alert on a check of the node. */
  alertOf(
    check: string,
    labels?: Readonly<Record<string, string>>,
    parts?: Parameters<typeof firing>[1],
  ): PostedAlert;
  /** What Alertmanager gets to read in each of these alerts. */
  enrich(...alerts: PostedAlert[]): Promise<Record<string, string>[]>;
  /** Goes on with changed sources. */
  configure(change: (source: ShippedSource) => ShippedSource): Promise<void>;
  /** Puts another agent in the place of this one, which ends. */
  replaceAgent(): Promise<void>;
  /** From now on the node refuses connections. */
  killNode(): Promise<void>;
}

/** Starts it all before each test, but for the agent's reading of its log, and stops it afterwards. */
export function useShippedScene(): ShippedScene {
  let agent: RunningAgent;
  /** The agent's own handler behind it, which remembers what was asked. */
  let node: Listening;
  let requests: string[];
  let answeredBytes: number[];
  let alertmanager: StubAlertmanager;
  let proxy: RunningProxy;
  beforeEach(async () => {
    agent = await createRunningAgent();
    requests = [];
    answeredBytes = [];
    node = await listen((request, response) => {
      requests.push(request.url ?? '');
      response.on('finish', () => answeredBytes.push(Number(response.getHeader('content-length'))));
      agent.agent.handler(request, response);
    });
    alertmanager = await startStubAlertmanager();
    proxy = await startProxy(configOf(sources, alertmanager, node));
  });
  afterEach(async () => {
    await proxy.stop();
    await Promise.all([alertmanager.close(), node.close(), agent.stop()]);
  });
  return {
    get agent() {
      return agent;
    },
    get requests() {
      return requests;
    },
    get answeredBytes() {
      return answeredBytes;
    },
    alertOf: (check, labels = {}, parts) =>
      firing({ instance: `127.0.0.1:${node.port}`, check, ...labels }, parts),
    enrich: async (...alerts) => {
      await proxy.post(alerts);
      const arrived = alertmanager.alerts().slice(-alerts.length);
      return arrived.map(({ annotations }) => ({ ...annotations }));
    },
    configure: async (change) => {
      proxy.rewrite(configOf(sources.map(change), alertmanager, node));
      await proxy.reload();
    },
    replaceAgent: async () => {
      await agent.stop();
      agent = await createRunningAgent();
    },
    killNode: () => node.close(),
  };
}

function configOf(
  used: readonly ShippedSource[],
  alertmanager: StubAlertmanager,
  node: Listening,
): ProxyConfig {
  return {
    alertmanagers: [sendTo(alertmanager)],
    sources: used.map((source) => ({
      ...source,
      // All of them share a process, which a busy machine may leave waiting.
      timeout: '9s',
      connect_timeout: '8s',
      allow: allowLoopback(node.port),
    })),
  };
}
