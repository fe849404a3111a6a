import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { ListeningAppOptions } from '../../src/platform/web/listening-app.ts';
import { sample, scrape } from './scrape.ts';
import {
  agentSource,
  allowLoopback,
  sendTo,
  startProxy,
  type ProxyConfig,
  type RunningProxy,
} from './start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from './stub-alertmanager.ts';
import type { StubAnswer } from './stub-answer.ts';
import { startStubSource, type StubSource } from './stub-source.ts';

/** The programs around the proxy. */
export interface Surroundings {
  readonly agent: StubSource;
  /** The first of both. */
  readonly alertmanager: StubAlertmanager;
  /** Both; a test may put another in the place of one, which is then closed with the rest. */
  readonly alertmanagers: [StubAlertmanager, StubAlertmanager];
}

/** A proxy, the agent that it asks and the Alertmanagers that it sends to; to be looked at while a test runs. */
export interface ProxyScene extends Surroundings {
  readonly proxy: RunningProxy;
  /** The value of one of the proxy's own metrics now; undefined if there is no such series. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
}

interface SceneSettings {
  /** What the agent answers at which path; 404 elsewhere. */
  readonly routes?: Readonly<Record<string, StubAnswer>>;
  /** How many of the two Alertmanagers the configuration names; 1 if not given. */
  readonly alertmanagers?: 1 | 2;
  /** Parts of the configuration that take the place of the usual ones. */
  readonly config?: (around: Surroundings) => ProxyConfig;
  readonly options?: Partial<ListeningAppOptions>;
  /** One scene for all tests of the file: for those that leave nothing behind that another would notice. */
  readonly isShared?: boolean;
}

/** Starts it all before each test, and stops it afterwards. */
export function useProxy(settings: SceneSettings = {}): ProxyScene {
  let around: Surroundings;
  let proxy: RunningProxy;
  const [before, after] = settings.isShared === true ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    around = await surround(settings.routes);
    proxy = await startProxy(configOf(settings, around), settings.options);
  });
  after(async () => {
    // So that what still waits need not be waited for.
    for (const alertmanager of around.alertmanagers) alertmanager.answer({});
    await proxy.stop();
    await Promise.all([around.agent, ...around.alertmanagers].map((stub) => stub.close()));
  });
  return {
    get agent() {
      return around.agent;
    },
    get alertmanager() {
      return around.alertmanager;
    },
    get alertmanagers() {
      return around.alertmanagers;
    },
    get proxy() {
      return proxy;
    },
    metric: async (name, labels = {}) =>
      sample(await scrape(proxy.url), `alertmanager_proxy_${name}`, labels),
  };
}

async function surround(routes: SceneSettings['routes']): Promise<Surroundings> {
  const agent = await startStubSource(routes);
  const first = await startStubAlertmanager();
  return { agent, alertmanager: first, alertmanagers: [first, await startStubAlertmanager()] };
}

function configOf({ alertmanagers = 1, config }: SceneSettings, around: Surroundings): ProxyConfig {
  return {
    alertmanagers: [sendTo(...around.alertmanagers.slice(0, alertmanagers))],
    sources: [agentSource({ allow: allowLoopback(around.agent.port) })],
    ...config?.(around),
  };
}
