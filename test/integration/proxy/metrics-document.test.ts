import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { REASONS } from '../../../src/proxy/enrich/reason.ts';
import { firing } from '../../support/alert-builder.ts';
import { scrape } from '../../support/scrape.ts';
import { useProxy } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo, type ProxyConfig } from '../../support/start-proxy.ts';

// Nothing listens on it: the node is down.
const DEAD_PORT = 1;
const DEAD_NODE = `127.0.0.1:${DEAD_PORT}`;

const scene = useProxy({
  routes: { '/checks/disk': { body: { check: { output: 'DISK CRITICAL' } } } },
  config: ({ agent }) => ({ sources: [sourceOf(agent.port)] }),
});

function sourceOf(port: number, name = 'nodes'): ProxyConfig {
  return agentSource({ name, allow: allowLoopback(port, DEAD_PORT) });
}

async function measured(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await scene.metric(name, labels)) ?? NaN;
}

describe('the metrics', () => {
  it('count the alerts without output by the reason that they carry', async () => {
    await scene.proxy.post([firing({ instance: DEAD_NODE, check: 'disk' })]);
    await scene.proxy.post(['load', 'swap'].map((check) => firing({ instance: DEAD_NODE, check })));

    expect(await measured('enrichment_failures_total', { source: 'nodes', reason: 'refused' })).toBe(1);
    expect(await measured('enrichment_failures_total', { source: 'nodes', reason: 'circuit_open' })).toBe(2);
    expect(await measured('alerts_enriched_total', { source: 'nodes', result: 'failed' })).toBe(3);
  });

  it('count as fetches only what was asked of a node', async () => {
    await scene.proxy.post(['load', 'swap'].map((check) => firing({ instance: DEAD_NODE, check })));

    expect(await measured('fetches_total', { source: 'nodes', reason: 'refused' })).toBe(1);
    expect(await measured('fetches_total', { source: 'nodes', reason: 'circuit_open' })).toBe(NaN);
  });

  it.each([
    ['batches_total', { code: '502' }],
    ['alerts_enriched_total', { source: 'nodes', result: 'stale' }],
    ['enrichment_failures_total', { source: 'nodes', reason: 'overloaded' }],
    ['fetches_total', { source: 'nodes', reason: 'timeout' }],
  ])('show %s at zero before it happens', async (name, labels) => {
    expect(await measured(name, labels)).toBe(0);
  });

  it('forget the hosts of a source that left the configuration', async () => {
    await scene.proxy.post([firing({ instance: DEAD_NODE, check: 'disk' })]);
    expect(await measured('circuit_open_hosts', { source: 'nodes' })).toBe(1);

    scene.proxy.rewrite({
      alertmanagers: [sendTo(scene.alertmanager)],
      sources: [sourceOf(scene.agent.port, 'others')],
    });
    await scene.proxy.reload();

    expect(await measured('circuit_open_hosts', { source: 'nodes' })).toBe(NaN);
    expect(await measured('circuit_open_hosts', { source: 'others' })).toBe(0);
  });
});

describe('docs/metrics.md', () => {
  const text = readFileSync('docs/metrics.md', 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| (counter|gauge|histogram) +\|(.*)\|$/gm)].map(
    ([, name = '', type = '', cells = '']) => ({ name, type, cells }),
  );
  const own = rows.filter(({ name }) => name.startsWith('alertmanager_proxy_'));

  /** What a scrape shows of each metric after an alert with output and one without. */
  async function live(): Promise<Map<string, { type: string; labels: string[] }>> {
    await scene.proxy.post([
      firing({ instance: scene.agent.address, check: 'disk' }),
      firing({ instance: DEAD_NODE, check: 'disk' }),
    ]);
    const scraped = await scrape(scene.proxy.url);
    const types = [...scraped.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
    return new Map(
      types.map(([, name = '', type = '']) => [name, { type, labels: labelsOf(scraped, name) }]),
    );
  }

  it('lists every metric of the proxy with its type and labels', async () => {
    const metrics = [...(await live())].filter(([name]) => name.startsWith('alertmanager_proxy_'));

    const documented = own.map(({ name, type, cells }) => {
      const labels = [...(cells.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, label]) => label);
      return [name, { type, labels: labels.sort() }];
    });
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(metrics));
  });

  it('names metrics of the process as they are', async () => {
    const metrics = await live();
    const ofProcess = rows.filter(({ name }) => !name.startsWith('alertmanager_proxy_'));

    expect(ofProcess.length).toBeGreaterThan(3);
    for (const { name, type } of ofProcess) expect([name, metrics.get(name)?.type]).toEqual([name, type]);
  });

  it('explains every reason', () => {
    const explained = [...text.matchAll(/^\| `(\w+)` +\| (?!counter|gauge|histogram)[^|]+\|[^|]+\|$/gm)];

    expect(explained.map(([, reason]) => reason).sort()).toEqual([...REASONS].sort());
  });
});

function labelsOf(scraped: string, metric: string): string[] {
  const samples = [...scraped.matchAll(new RegExp(`^${metric}(?:_bucket|_sum|_count)?\\{(.*)\\} `, 'gm'))];
  const names = samples.flatMap(([, labels = '']) =>
    [...labels.matchAll(/(\w+)="/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)].filter((name) => name !== 'le').sort();
}
