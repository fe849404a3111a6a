import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Program } from '../../src/quickstart/program.ts';
import { firing } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { startRealPrometheus } from '../support/real-prometheus.ts';
import { agentSource, allowLoopback, sendTo, startProxy, type RunningProxy } from '../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../support/stub-source.ts';
import { waitFor } from '../support/wait-for.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync('config/dashboards/alertmanager-proxy.json', 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
};
const graphs = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = graphs.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

// Nothing listens on it: the node is down.
const DEAD_NODE = '127.0.0.1:1';

describe('the dashboard', () => {
  it('has its panels in rows, none of them over another', () => {
    expect(dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Delivery',
      'Enrichment',
      'Sources',
      'Nodes left alone',
      'Cache',
      'Process',
    ]);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w } }) =>
      Array.from({ length: w }, (_, column) => `${x + column},${y}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describeWith(['prometheus'], 'the queries of the dashboard', ({ prometheus: binary }) => {
  let node: StubSource;
  let alertmanager: StubAlertmanager;
  let proxy: RunningProxy;
  let prometheus: Program;

  beforeAll(async () => {
    node = await startStubSource({ '/checks/disk': { body: { check: { output: 'DISK CRITICAL' } } } });
    alertmanager = await startStubAlertmanager();
    proxy = await startProxy({
      alertmanagers: [sendTo(alertmanager)],
      enrichment: { cache: { ttl: '1s' } },
      sources: [agentSource({ allow: allowLoopback(node.port, 1) })],
    });
    prometheus = await startRealPrometheus({
      binary,
      config: {
        global: { scrape_interval: '1s' },
        scrape_configs: [{ job_name: 'proxy', static_configs: [{ targets: [new URL(proxy.url).host] }] }],
      },
      rules: { groups: [] },
    });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([prometheus.stop(), proxy.stop()]);
    await Promise.all([node.close(), alertmanager.close()]);
  });

  /** What Prometheus answers; throws with its words if it does not take the query. */
  async function ask<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(
      `${prometheus.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`,
    );
    const { data, error } = (await response.json()) as { data: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return data;
  }

  interface Vector {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  }

  it.each(queries)('$title: $expr', async ({ expr, legendFormat }) => {
    const query = expr
      .replaceAll('$__rate_interval', '10s')
      .replaceAll('$job', 'proxy')
      .replaceAll('$instance', new URL(proxy.url).host);

    const series = await waitFor(
      query,
      async () => {
        await proxy.post([node.address, DEAD_NODE].map((instance) => firing({ instance, check: 'disk' })));
        const { result } = await ask<Vector>('query', { query });
        return result.some(({ value }) => Number.isFinite(Number(value[1]))) && result;
      },
      { deadlineMs: 30_000, everyMs: 200 },
    );

    // What the legend names is there.
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    for (const label of named) expect(series.some(({ metric }) => label in metric)).toBe(true);
  });

  it.each(dashboard.templating.list.filter(({ definition }) => definition !== undefined))(
    'offers values for the variable $name',
    async ({ definition = '' }) => {
      const [, match = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];

      const values = await waitFor(definition, async () => {
        const found = await ask<string[]>(`label/${label}/values`, {
          'match[]': match.replaceAll('$job', 'proxy'),
        });
        return found.length > 0 && found;
      });

      expect(values).toEqual([label === 'job' ? 'proxy' : new URL(proxy.url).host]);
    },
  );
});
