import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { firing, resolved, type PostedAlert } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { agentSource, allowLoopback, startProxy, type RunningProxy } from '../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../support/stub-source.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

jest.setTimeout(60_000);

describeWith(['alertmanager'], 'output that comes after the deadline', ({ alertmanager: binary }) => {
  let agent: StubSource;
  let receiver: WebhookReceiver;
  let alertmanager: RealAlertmanager;
  let beside: StubAlertmanager;
  let proxy: RunningProxy;

  beforeEach(async () => {
    agent = await startStubSource({
      '/checks/slow': { delayMs: 800, body: { check: { output: '97 % full' } } },
    });
    receiver = await startWebhookReceiver();
    alertmanager = await startRealAlertmanager({
      binary,
      config: {
        route: { receiver: 'webhook', group_by: ['alertname'], group_wait: '8s', group_interval: '1s' },
        receivers: [{ name: 'webhook', webhook_configs: [{ url: receiver.url, send_resolved: true }] }],
      },
    });
    beside = await startStubAlertmanager();
    proxy = await startProxy({
      alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host, beside.address] }] }],
      enrichment: { deadline: '200ms', late_window: '20s' },
      sources: [agentSource({ timeout: '10s', allow: allowLoopback(agent.port) })],
    });
  });

  afterEach(async () => {
    await proxy.stop();
    await Promise.all([alertmanager.stop(), beside.close(), agent.close(), receiver.close()]);
  });

  const slow = (parts: Partial<PostedAlert> = {}): PostedAlert =>
    firing({ alertname: 'Disk', check: 'slow', instance: agent.address }, parts);

  const outputs = (): (string | undefined)[] =>
    beside.alerts().map(({ annotations }) => annotations?.['check_output']);

  /** Until the late answer has come, and would have been sent on. */
  const lateAnswerIsOver = async (delayMs = 800): Promise<void> => {
    const [asked] = await waitFor('the question', () => agent.requests.length > 0 && agent.requests);
    const over = (asked?.receivedAt ?? 0) + delayMs + 500;
    await waitFor('the late answer', () => Date.now() > over);
  };

  it('is in the first notification', async () => {
    // Alertmanager's group_wait counts from startsAt.
    const justStarted = slow({ startsAt: new Date().toISOString() });
    expect((await proxy.post([justStarted])).status).toBe(200);
    const notification = await waitFor('a notification', () => receiver.notifications[0], {
      deadlineMs: 30_000,
    });

    expect(notification.alerts.map(({ annotations }) => annotations)).toEqual([
      { check_output: '97 % full' },
    ]);
    expect(outputs()).toEqual([expect.stringContaining('could not fetch'), '97 % full']);
  });

  it('does not make an alert fire again that has resolved meanwhile', async () => {
    const alert = slow();
    await proxy.post([alert]);
    await proxy.post([resolved(alert)]);
    await lateAnswerIsOver();

    expect(beside.alerts().length).toBeGreaterThan(1);
    expect(await alertmanager.alerts()).toEqual([]);
    expect(beside.alerts().at(-1)?.endsAt).not.toBe(alert.endsAt);
  });

  it('does not replace a newer firing state', async () => {
    // The newer one comes before the answer does, also on a busy machine.
    agent.route('/checks/slow', { delayMs: 3_000, body: { check: { output: '97 % full' } } });
    await proxy.post([slow({ annotations: { summary: 'older' } })]);
    await proxy.post([slow({ annotations: { summary: 'newer' } })]);
    await waitFor('the late answer', () => outputs().includes('97 % full'));

    expect(beside.alerts().map(({ annotations }) => annotations?.['summary'])).toEqual([
      'older',
      'newer',
      'newer',
    ]);
  });

  it('is not sent for an alert that has expired', async () => {
    agent.route('/checks/slow', { delayMs: 4_000, body: { check: { output: '97 % full' } } });
    // It fires when it comes, but no longer when the output does: what ends within the next 2 s has resolved.
    await proxy.post([slow({ endsAt: new Date(Date.now() + 5_000).toISOString() })]);
    await lateAnswerIsOver(4_000);

    expect(beside.alerts()).toHaveLength(1);
  });
});
