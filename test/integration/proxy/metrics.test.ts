import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { REASONS } from '../../../src/proxy/enrich/lookup.ts';
import { firing, type PostedAlert } from '../../support/alert-builder.ts';
import { sample, scrape } from '../../support/scrape.ts';
import { agentSource, allowLoopback, startProxy, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../../support/stub-source.ts';
import { waitFor } from '../../support/wait-for.ts';

let agent: StubSource;
let alertmanagers: [StubAlertmanager, StubAlertmanager];
let proxy: RunningProxy;

beforeEach(async () => {
  agent = await startStubSource({
    '/checks/disk': { body: { check: { output: 'full' } } },
    '/checks/hung': { hang: true },
  });
  alertmanagers = [await startStubAlertmanager(), await startStubAlertmanager()];
  proxy = await startProxy(config());
});

afterEach(async () => {
  for (const alertmanager of alertmanagers) alertmanager.answer({});
  await proxy.stop();
  await Promise.all([agent, ...alertmanagers].map((stub) => stub.close()));
});

function config(targets = alertmanagers.map(({ address }) => address)): Record<string, unknown> {
  return {
    alertmanagers: [{ timeout: '1s', static_configs: [{ targets }] }],
    enrichment: { deadline: '500ms', max_concurrent_batches: 1, max_pending_batches: 2 },
    sources: [agentSource({ timeout: '400ms', allow: allowLoopback(agent.port, 1) })],
  };
}

function alertOf(check: string, parts: Partial<PostedAlert> = {}, instance = agent.address): PostedAlert {
  return firing({ alertname: `${check} at ${instance}`, check, instance }, parts);
}

/** The value of a metric now. */
async function metric(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  return sample(await scrape(proxy.url), `alertmanager_proxy_${name}`, labels);
}

const urlOf = ({ url }: StubAlertmanager): string => `${url}/api/v2/alerts`;
const ofSource = { source: 'node-agent' };

describe('the metrics', () => {
  it('are all there from the start, counters at zero', async () => {
    const text = await scrape(proxy.url);
    const zero = (name: string, labels: Record<string, string> = {}): void => {
      expect({ name, labels, value: sample(text, `alertmanager_proxy_${name}`, labels) }).toEqual({
        name,
        labels,
        value: 0,
      });
    };
    for (const name of ['alerts_received_total', 'batch_duration_seconds_count', 'fetches_in_flight'])
      zero(name);
    for (const name of ['cache_entries', 'cache_bytes']) zero(name);
    for (const result of ['fresh', 'cached', 'stale', 'failed'])
      zero('alerts_enriched_total', { ...ofSource, result });
    for (const reason of REASONS) zero('enrichment_failures_total', { ...ofSource, reason });
    for (const reason of ['ok', 'timeout', 'refused']) zero('fetches_total', { ...ofSource, reason });
    zero('circuit_open_hosts', ofSource);
    for (const alertmanager of alertmanagers.map(urlOf)) {
      for (const name of ['sent_total', 'errors_total', 'dropped_total', 'queue_length'])
        zero(`alertmanager_${name}`, { alertmanager });
    }
    expect(sample(text, 'alertmanager_proxy_config_last_reload_successful')).toBe(1);
    expect(sample(text, 'alertmanager_proxy_config_last_reload_success_timestamp_seconds')).toBeGreaterThan(
      0,
    );
    expect(sample(text, 'alertmanager_proxy_build_info')).toBe(1);
  });

  it('tell how late the event loop is', async () => {
    expect(sample(await scrape(proxy.url), 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('tell of a batch that is enriched, and sent again', async () => {
    const alert = alertOf('disk');
    await proxy.post([alert, firing({ alertname: 'Other' })]);
    await proxy.post([alert]);
    const [alertmanager] = alertmanagers;

    expect(await metric('alerts_received_total')).toBe(3);
    expect(await metric('batches_total', { code: '200' })).toBe(2);
    expect(await metric('batch_duration_seconds_count')).toBe(2);
    expect(await metric('alerts_enriched_total', { ...ofSource, result: 'fresh' })).toBe(1);
    expect(await metric('alerts_enriched_total', { ...ofSource, result: 'cached' })).toBe(1);
    expect(await metric('alerts_enriched_total', { result: 'unmatched' })).toBe(1);
    expect(await metric('fetches_total', { ...ofSource, reason: 'ok' })).toBe(1);
    expect(await metric('fetch_duration_seconds_count', ofSource)).toBe(1);
    expect(await metric('cache_entries')).toBe(1);
    expect(await metric('cache_bytes')).toBeGreaterThan(0);
    await waitFor('both posts', async () => {
      const sent = await metric('alertmanager_sent_total', { alertmanager: urlOf(alertmanager) });
      return sent === 3;
    });
    expect(await metric('alertmanager_latency_seconds_count', { alertmanager: urlOf(alertmanager) })).toBe(2);
  });

  it('tell of nodes that are dead', async () => {
    await proxy.post([alertOf('disk', {}, '127.0.0.1:1')]);
    await proxy.post([alertOf('load', {}, '127.0.0.1:1')]);

    expect(await metric('circuit_open_hosts', ofSource)).toBe(1);
    expect(await metric('fetches_total', { ...ofSource, reason: 'refused' })).toBe(1);
    expect(await metric('alerts_enriched_total', { ...ofSource, result: 'failed' })).toBe(2);
  });

  it('tell of an Alertmanager that fails: attempts, what waits, and what was given up', async () => {
    const [failing] = alertmanagers;
    failing.answer({ status: 503 });
    const of = { alertmanager: urlOf(failing) };
    await proxy.post([alertOf('disk', { endsAt: new Date(Date.now() + 1_500).toISOString() })]);

    await waitFor('an attempt', async () => ((await metric('alertmanager_errors_total', of)) ?? 0) >= 1);
    expect(await metric('alertmanager_queue_length', of)).toBe(1);
    await waitFor('its end', async () => (await metric('alertmanager_dropped_total', of)) === 1);
    expect(await metric('alertmanager_queue_length', of)).toBe(0);
    expect(await metric('alertmanager_sent_total', { alertmanager: urlOf(alertmanagers[1]) })).toBe(1);
  });

  it('tell of overload: fetches under way, batches held, and those refused', async () => {
    for (const alertmanager of alertmanagers) alertmanager.answer({ delayMs: 300 });
    const held = [proxy.post([alertOf('hung')]), proxy.post([alertOf('hung')])];
    await waitFor('the fetch', async () => (await metric('fetches_in_flight')) === 1);
    await waitFor('the batches', async () => (await metric('batches_pending')) === 2);
    await proxy.post([alertOf('hung')]);
    await Promise.all(held);

    expect(await metric('batches_total', { code: '503' })).toBe(1);
    expect(await metric('batches_pending')).toBe(0);
    expect(await metric('alerts_enriched_total', { ...ofSource, result: 'failed' })).toBe(2);
  });

  it('tell of malformed alerts', async () => {
    await proxy.post(Buffer.from('[{"labels":{}}]'));

    expect(await metric('alerts_malformed_total')).toBe(1);
    expect(await metric('batches_total', { code: '400' })).toBe(1);
  });

  it('tell whether a reload worked, and lose sight of an Alertmanager only when it is gone', async () => {
    const [stays, goes] = alertmanagers;
    proxy.rewrite({ alertmanagers: 'none' });
    await proxy.reload();
    expect(await metric('config_last_reload_successful')).toBe(0);

    proxy.rewrite({ ...config([stays.address]), enrichment: {} });
    await proxy.reload();
    expect(await metric('config_last_reload_successful')).toBe(1);
    await waitFor('the end', async () => {
      return (await metric('alertmanager_sent_total', { alertmanager: urlOf(goes) })) === undefined;
    });
    expect(await metric('alertmanager_sent_total', { alertmanager: urlOf(stays) })).toBe(0);
  });
});
