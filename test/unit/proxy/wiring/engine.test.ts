import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Engine } from '../../../../src/proxy/wiring/engine.ts';
import { configSchema, type Config } from '../../../../src/proxy/config/schema.ts';
import { createProxyMetrics } from '../../../../src/proxy/metrics/proxy-metrics.ts';
import { createSilentLog } from '../../../support/silent-log.ts';

const source = (name: string): object => ({
  name,
  matchers: ['check=~".+"'],
  url: 'http://{instance}/',
  annotations: { output: 'output' },
  allow: { ports: [9470], cidrs: ['10.0.0.0/8'] },
});

const config = (...names: readonly string[]): Config =>
  configSchema.parse({
    alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1'] }] }],
    sources: names.map(source),
  });

let registry: Registry;
let engine: Engine;

beforeEach(() => {
  registry = new Registry();
  engine = new Engine({
    metrics: createProxyMetrics(registry, {
      fetchesInFlight: () => 0,
      cacheEntries: () => 0,
      cacheBytes: () => 0,
      pendingBatches: () => 0,
      waitingBatches: () => 0,
      openHosts: () => new Map(),
      queuedAlerts: () => new Map(),
      acceptingAlertmanagers: () => new Map(),
      lastBatchAt: () => undefined,
      openConnections: () => 0,
      maxConnections: () => 0,
    }),
    observer: { received: () => undefined, enriched: () => undefined },
    log: createSilentLog(),
    now: Date.now,
    monotonic: () => performance.now(),
  });
});

afterEach(() => engine.stop());

describe('Engine', () => {
  it('leaves all as it was when building fails half way', async () => {
    const before = await engine.load(config('one', 'two'));
    const next = config('one', 'other', 'broken');
    const [entry] = next.alertmanagers;
    if (entry !== undefined) entry.path_prefix = '/other';
    const broken = next.sources[2];
    if (broken !== undefined) broken.url = 'http://{unclosed';

    await expect(engine.load(next)).rejects.toThrow();

    expect(engine.current).toBe(before);
    const text = await registry.metrics();
    expect(text).not.toContain('source="other"');
    expect(text).not.toContain('/other/');
    const after = await engine.load(config('one', 'two'));
    expect(after.rules.map((rule, index) => rule === before.rules[index])).toEqual([true, true]);
    expect(after.cache).toBe(before.cache);
    expect(after.alertmanagers[0]).toBe(before.alertmanagers[0]);
  });
});
