import { describe, expect, it } from '@jest/globals';
import { REASONS } from '../../../src/proxy/enrich/reason.ts';
import { firing, type PostedAlert } from '../../support/alert-builder.ts';
import { sample, scrape } from '../../support/scrape.ts';
import { waitFor } from '../../support/wait-for.ts';
import { useProxy, type Surroundings } from '../../support/proxy-scene.ts';
import { agentSource, allowLoopback, sendTo, type ProxyConfig } from '../../support/start-proxy.ts';
import type { StubAlertmanager } from '../../support/stub-alertmanager.ts';

const scene = useProxy({
  routes: { '/checks/disk': { body: { check: { output: 'full' } } }, '/checks/hung': { hang: true } },
  config,
});

function config({ agent, alertmanagers }: Surroundings, targets = [...alertmanagers]): ProxyConfig {
  return {
    alertmanagers: [{ timeout: '3s', ...sendTo(...targets) }],
    enrichment: { deadline: '2s', max_concurrent_batches: 1, max_pending_batches: 2 },
    sources: [agentSource({ timeout: '1s', allow: allowLoopback(agent.port, 1) })],
  };
}

function alertOf(
  check: string,
  parts: Partial<PostedAlert> = {},
  instance = scene.agent.address,
): PostedAlert {
  return firing({ alertname: `${check} at ${instance}`, check, instance }, parts);
}

const urlOf = ({ url }: StubAlertmanager): string => `${url}/api/v2/alerts`;
const ofSource = { source: 'node-agent' };

describe('the metrics', () => {
  it('are all there from the start, counters at zero', async () => {
    const text = await scrape(scene.proxy.url);
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
    for (const alertmanager of scene.alertmanagers.map(urlOf)) {
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
    expect(sample(await scrape(scene.proxy.url), 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(
      0,
    );
  });

  it.each([5, 6, 7, 8, 9, 10])('tell how many batches took up to %d s', async (seconds) => {
    await scene.proxy.post([alertOf('disk')]);

    expect(await scene.metric('batch_duration_seconds_bucket', { le: String(seconds) })).toBe(1);
  });

  it('tell of a batch that is enriched, and sent again', async () => {
    const alert = alertOf('disk');
    await scene.proxy.post([alert, firing({ alertname: 'Other' })]);
    await scene.proxy.post([alert]);
    const [alertmanager] = scene.alertmanagers;

    expect(await scene.metric('alerts_received_total')).toBe(3);
    expect(await scene.metric('batches_total', { code: '200' })).toBe(2);
    expect(await scene.metric('batch_duration_seconds_count')).toBe(2);
    expect(await scene.metric('alerts_enriched_total', { ...ofSource, result: 'fresh' })).toBe(1);
    expect(await scene.metric('alerts_enriched_total', { ...ofSource, result: 'cached' })).toBe(1);
    expect(await scene.metric('alerts_enriched_total', { result: 'unmatched' })).toBe(1);
    expect(await scene.metric('fetches_total', { ...ofSource, reason: 'ok' })).toBe(1);
    expect(await scene.metric('fetch_duration_seconds_count', ofSource)).toBe(1);
    expect(await scene.metric('cache_entries')).toBe(1);
    expect(await scene.metric('cache_bytes')).toBeGreaterThan(0);
    await waitFor('both posts', async () => {
      const sent = await scene.metric('alertmanager_sent_total', { alertmanager: urlOf(alertmanager) });
      return sent === 3;
    });
    expect(
      await scene.metric('alertmanager_latency_seconds_count', { alertmanager: urlOf(alertmanager) }),
    ).toBe(2);
  });

  it('tell of nodes that are dead', async () => {
    await scene.proxy.post([alertOf('disk', {}, '127.0.0.1:1')]);
    await scene.proxy.post([alertOf('load', {}, '127.0.0.1:1')]);

    expect(await scene.metric('circuit_open_hosts', ofSource)).toBe(1);
    expect(await scene.metric('fetches_total', { ...ofSource, reason: 'refused' })).toBe(1);
    expect(await scene.metric('alerts_enriched_total', { ...ofSource, result: 'failed' })).toBe(2);
  });

  it('tell of an Alertmanager that fails: attempts, what waits, and what was given up', async () => {
    const [failing] = scene.alertmanagers;
    failing.answer({ status: 503 });
    const of = { alertmanager: urlOf(failing) };
    await scene.proxy.post([alertOf('disk', { endsAt: new Date(Date.now() + 5_000).toISOString() })]);

    await waitFor(
      'an attempt',
      async () => ((await scene.metric('alertmanager_errors_total', of)) ?? 0) >= 1,
    );
    expect(await scene.metric('alertmanager_queue_length', of)).toBe(1);
    await waitFor('its end', async () => (await scene.metric('alertmanager_dropped_total', of)) === 1);
    expect(await scene.metric('alertmanager_queue_length', of)).toBe(0);
    expect(
      await scene.metric('alertmanager_sent_total', { alertmanager: urlOf(scene.alertmanagers[1]) }),
    ).toBe(1);
  });

  it('add up what waits for the tenants of one Alertmanager', async () => {
    const [failing] = scene.alertmanagers;
    failing.answer({ status: 503 });
    const tenant = (name: string): object => ({
      ...sendTo(failing),
      http_headers: { 'X-Scope-OrgID': { values: [name] } },
    });
    scene.proxy.rewrite({ ...config(scene), alertmanagers: [tenant('one'), tenant('two')] });
    await scene.proxy.reload();
    await scene.proxy.post([firing({ alertname: 'One' }), firing({ alertname: 'Other' })]);

    expect(await scene.metric('alertmanager_queue_length', { alertmanager: urlOf(failing) })).toBe(4);
  });

  it('tell of overload: fetches under way, batches held, and those in line', async () => {
    for (const alertmanager of scene.alertmanagers) alertmanager.answer({ delayMs: 300 });
    const held = [scene.proxy.post([alertOf('hung')]), scene.proxy.post([alertOf('hung')])];
    await waitFor('the fetch', async () => (await scene.metric('fetches_in_flight')) === 1);
    await waitFor('the batches', async () => (await scene.metric('batches_pending')) === 2);
    held.push(scene.proxy.post([alertOf('hung')]));
    await waitFor('the line', async () => (await scene.metric('batches_waiting')) === 1);
    await Promise.all(held);

    expect(await scene.metric('batches_total', { code: '200' })).toBe(3);
    expect(await scene.metric('batches_waiting')).toBe(0);
    expect(await scene.metric('batches_pending')).toBe(0);
    expect(await scene.metric('alerts_enriched_total', { ...ofSource, result: 'failed' })).toBe(3);
  });

  it('time the batches that were read, and no refusal', async () => {
    await scene.proxy.post([alertOf('known')]);
    const timed = await scene.metric('batch_duration_seconds_count');
    expect(timed).toBe(1);

    await scene.proxy.post([alertOf('known')], { 'Content-Type': 'text/plain' });
    await fetch(`${scene.proxy.url}/api/v2/alerts`);
    expect(await scene.metric('batches_total', { code: '415' })).toBe(1);
    expect(await scene.metric('batches_total', { code: '405' })).toBe(1);
    expect(await scene.metric('batch_duration_seconds_count')).toBe(timed);
  });

  it('tell of malformed alerts', async () => {
    await scene.proxy.post(Buffer.from('[{"labels":{}}]'));

    expect(await scene.metric('alerts_malformed_total')).toBe(1);
    expect(await scene.metric('batches_total', { code: '400' })).toBe(1);
  });

  it('tell whether a reload worked, and lose sight of an Alertmanager only when it is gone', async () => {
    const [stays, goes] = scene.alertmanagers;
    scene.proxy.rewrite({ alertmanagers: 'none' });
    await scene.proxy.reload();
    expect(await scene.metric('config_last_reload_successful')).toBe(0);

    scene.proxy.rewrite({ ...config(scene, [stays]), enrichment: {} });
    await scene.proxy.reload();
    expect(await scene.metric('config_last_reload_successful')).toBe(1);
    await waitFor('the end', async () => {
      return (await scene.metric('alertmanager_sent_total', { alertmanager: urlOf(goes) })) === undefined;
    });
    expect(await scene.metric('alertmanager_sent_total', { alertmanager: urlOf(stays) })).toBe(0);
  });
});
