import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { firing } from '../../support/alert-builder.ts';
import { scrape } from '../../support/scrape.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy, type Surroundings } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo, type ProxyConfig } from '../../support/start-proxy.ts';
import type { StubAlertmanager } from '../../support/stub-alertmanager.ts';

const scene = useProxy({
  routes: { '/checks/check_disk': { body: { check: { output: 'DISK CRITICAL' } } } },
  config,
});

interface Parts {
  readonly alertmanagers?: readonly object[];
  readonly enrichment?: object;
  readonly source?: Record<string, unknown>;
}

function config(
  { agent, alertmanagers: both }: Surroundings,
  { alertmanagers = both.map((stub) => sendTo(stub)), enrichment = {}, source = {} }: Parts = {},
): ProxyConfig {
  const allow = allowLoopback(agent.port, 1);
  return {
    alertmanagers,
    enrichment,
    sources: [agentSource({ allow, ...source })],
  };
}

async function reloadWith(parts: Parts): Promise<void> {
  scene.proxy.rewrite(config(scene, parts));
  expect(await scene.proxy.reload()).toBeUndefined();
}

const diskAlert = (): ReturnType<typeof firing> =>
  firing({ check: 'check_disk', instance: scene.agent.address });

describe('what is known of the nodes', () => {
  it.each<[string, Parts]>([
    ['nothing changed', {}],
    ['the batches get another deadline', { enrichment: { deadline: '1s' } }],
    ['outputs are refreshed more often', { enrichment: { cache: { ttl: '20s' } } }],
    ['the source gets another timeout', { source: { timeout: '700ms' } }],
    ['the source may connect to more addresses', { source: { allow: { cidrs: ['127.0.0.0/7'] } } }],
    ['more alerts belong to the source', { source: { matchers: ['check=~"check_.+"'] } }],
  ])('stays in the cache when %s', async (_, parts) => {
    const [first] = scene.alertmanagers;
    const alert = diskAlert();
    await scene.proxy.post([alert]);

    await reloadWith({
      ...parts,
      source: {
        ...parts.source,
        allow: { ...allowLoopback(scene.agent.port), ...(parts.source?.['allow'] ?? {}) },
      },
    });
    await scene.proxy.post([alert]);

    expect(scene.agent.requests).toHaveLength(1);
    // The other one may have accepted first.
    await waitFor('both batches', () => first.posts.length === 2);
    expect(first.alerts()[1]).toEqual(first.alerts()[0]);
  });

  it.each<[string, Parts]>([
    ['other annotations are made of it', { source: { annotations: { output: 'check.output' } } }],
    ['less of it is kept', { source: { max_annotation: '1KB' } }],
    ['another user asks', { source: { basic_auth: { username: 'alice', password: 'secret' } } }],
    ['the memory for it changed', { enrichment: { cache: { max_entries: 10 } } }],
  ])('is asked anew when %s', async (_, parts) => {
    const alert = diskAlert();
    await scene.proxy.post([alert]);

    await reloadWith(parts);
    await scene.proxy.post([alert]);

    expect(scene.agent.requests).toHaveLength(2);
  });

  it('includes which hosts are dead', async () => {
    await scene.proxy.post([firing({ check: 'check_disk', instance: '127.0.0.1:1' })]);
    expect(await scene.metric('circuit_open_hosts', { source: 'node-agent' })).toBe(1);

    await reloadWith({ enrichment: { deadline: '1s' } });

    expect(await scene.metric('circuit_open_hosts', { source: 'node-agent' })).toBe(1);
    await scene.proxy.post([firing({ check: 'check_load', instance: '127.0.0.1:1' })]);
    expect(await scene.metric('fetches_total', { source: 'node-agent', reason: 'refused' })).toBe(1);
  });
});

describe('the queue of an Alertmanager', () => {
  it('survives a change of its settings, and is sent by the new ones', async () => {
    const [first, second] = scene.alertmanagers;
    second.answer({ status: 503 });
    await scene.proxy.post([firing({ n: '1' })]);
    await scene.proxy.post([firing({ n: '2' })]);

    await reloadWith({
      alertmanagers: [sendTo(first), { timeout: '1s', tls_config: {}, ...sendTo(second) }],
    });
    second.answer({});
    await scene.proxy.post([firing({ n: '3' })]);

    await waitFor('all alerts', () => order(second).at(-1) === '3');
    // Each failed attempt counts too.
    expect([...new Set(order(second))]).toEqual(['1', '2', '3']);
  });

  it('is sent for a while to one that leaves the configuration', async () => {
    const [first, second] = scene.alertmanagers;
    second.answer({ delayMs: 50 });
    const posts = ['1', '2', '3', '4'].map((n) => scene.proxy.post([firing({ n })]));
    await waitFor('the last batch at the other one', () => order(first).length === 4);

    await reloadWith({ alertmanagers: [sendTo(first)] });

    for (const post of posts) expect((await post).status).toBe(200);
    await waitFor('all alerts', () => order(second).length === 4);
    await scene.proxy.post([firing({ n: '5' })]);
    expect(order(first)).toHaveLength(5);
    expect(order(second).toSorted()).toEqual(['1', '2', '3', '4']);
  });

  it('is given up when one that left takes nothing', async () => {
    const [first, second] = scene.alertmanagers;
    second.answer({ status: 503 });
    await scene.proxy.post([firing({ n: '1' })]);

    await reloadWith({ alertmanagers: [sendTo(first)] });

    const labels = { alertmanager: `${second.url}/api/v2/alerts` };
    expect(await scene.metric('alertmanager_queue_length', labels)).toBe(1);
    await waitFor('its series to go', async () => !(await scrape(scene.proxy.url)).includes(second.address));
    const attempts = second.posts.length;
    second.answer({});
    await scene.proxy.post([firing({ n: '2' })]);
    expect(second.posts).toHaveLength(attempts);
  });

  it('is one for each tenant behind the same URL', async () => {
    const [first] = scene.alertmanagers;
    const tenant = (name: string): object => ({
      http_headers: { 'X-Scope-OrgID': { values: [name] } },
      ...sendTo(first),
    });
    await reloadWith({ alertmanagers: [tenant('one'), tenant('two')] });

    await scene.proxy.post([firing({ n: '1' })]);

    await waitFor('both', () => first.posts.length === 2);
    expect(first.posts.map(({ headers }) => headers['x-scope-orgid']).toSorted()).toEqual(['one', 'two']);
  });
});

describe('metrics', () => {
  it('go on for what stays, and vanish for what goes', async () => {
    const [first, second] = scene.alertmanagers;
    await scene.proxy.post([diskAlert()]);

    await reloadWith({ alertmanagers: [{ timeout: '4s', ...sendTo(first) }], source: { timeout: '900ms' } });

    const kept = { alertmanager: `${first.url}/api/v2/alerts` };
    await waitFor('the other to go', async () => !(await scrape(scene.proxy.url)).includes(second.address));
    expect(await scene.metric('alertmanager_sent_total', kept)).toBe(1);
    expect(await scene.metric('fetches_total', { source: 'node-agent', reason: 'ok' })).toBe(1);

    await reloadWith({ source: { name: 'renamed' } });
    const text = await scrape(scene.proxy.url);
    expect(text).not.toContain('source="node-agent"');
    expect(await scene.metric('fetches_total', { source: 'renamed', reason: 'ok' })).toBe(0);
  });
});

describe('a reload', () => {
  it('changes nothing when the file is broken', async () => {
    const [first, second] = scene.alertmanagers;
    const alert = diskAlert();
    await scene.proxy.post([alert]);
    scene.proxy.rewrite(config(scene, { alertmanagers: [], enrichment: { cache: { max_entries: 10 } } }));

    expect(await scene.proxy.reload()).toContain('alertmanagers');
    await scene.proxy.post([alert]);

    expect(scene.agent.requests).toHaveLength(1);
    await waitFor('both batches at both', () => {
      expect([first, second].map(({ posts }) => posts.length)).toEqual([2, 2]);
      return true;
    });
    expect(await scene.metric('config_last_reload_successful')).toBe(0);
  });

  it('reads the file again for each who asks once it has changed', async () => {
    const [first, second] = scene.alertmanagers;
    const early = scene.proxy.reload();
    scene.proxy.rewrite(config(scene, { alertmanagers: [sendTo(first)] }));
    const late = [scene.proxy.reload(), scene.proxy.reload(), scene.proxy.reload()];

    expect(await Promise.all([early, ...late])).toEqual([undefined, undefined, undefined, undefined]);
    await scene.proxy.post([firing({ n: '1' })]);
    expect([first, second].map(({ posts }) => posts.length)).toEqual([1, 0]);
  });

  it('ends before the proxy does', async () => {
    const [, second] = scene.alertmanagers;
    scene.proxy.rewrite(config(scene, { alertmanagers: [sendTo(second)] }));
    const reloading = scene.proxy.reload();
    await setImmediate();

    await scene.proxy.stop();

    expect(await reloading).toBeUndefined();
    expect(await scene.proxy.reload()).toBe('the program is stopping');
  });
});

// The label n of all alerts, as they came.
function order(stub: StubAlertmanager): string[] {
  return stub.alerts().map(({ labels }) => labels['n'] ?? '');
}
