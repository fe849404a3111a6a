import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { Program } from '../../src/quickstart/program.ts';
import { describeWith } from '../support/binaries.ts';
import {
  startRealAlertmanager,
  type GettableAlert,
  type RealAlertmanager,
} from '../support/real-alertmanager.ts';
import { startRealPrometheus } from '../support/real-prometheus.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { sample, scrape } from '../support/scrape.ts';
import { startStubSource, type StubSource } from '../support/stub-source.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  startWebhookReceiver,
  type Notification,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

const CRITICAL = 'DISK CRITICAL - free space: /var 3 GB (3%);\n<ü> & /var/log/nginx 61 GB\n';
const OK = 'DISK OK - free space: /var 40 GB (44%);\n';
// Nothing listens on it: the node is down.
const DEAD_NODE = '127.0.0.1:1';

describeWith(['prometheus', 'alertmanager'], 'the proxy between Prometheus and Alertmanager', (binaries) => {
  const folder = createTempFolder();
  const cleanups: (() => Promise<unknown>)[] = [];
  let node: StubSource;
  let webhook: WebhookReceiver;
  let alertmanagers: RealAlertmanager[];
  let proxy: RunningCommand;
  let proxyUrl: string;
  let prometheus: Program;

  function nodeSays(status: number, output: string): void {
    const problem = 'check_problem{check="check_disk",problem="failed",severity="critical"}';
    const body = `check_status{check="check_disk"} ${status}\n`;
    node.route('/metrics', { body: status === 0 ? body : `${body}${problem} ${status}\n` });
    node.route('/checks/check_disk', { body: { check: { name: 'check_disk', status, output } } });
  }

  beforeAll(async () => {
    node = await startStubSource();
    cleanups.push(node.close);
    nodeSays(2, CRITICAL);
    webhook = await startWebhookReceiver();
    cleanups.push(webhook.close);
    alertmanagers = await Promise.all(
      [alertmanagerConfig(webhook), SILENT].map((config) =>
        startRealAlertmanager({ binary: binaries.alertmanager, config }),
      ),
    );
    cleanups.push(...alertmanagers.map(({ stop }) => stop));
    const config = folder.write('proxy.yml', stringify(proxyConfig(alertmanagers, node)));
    proxy = runCommand(['serve', '--config.file', config, '--web.listen-address', '127.0.0.1:0']);
    cleanups.push(proxy.stop);
    [, proxyUrl = ''] = await proxy.printed(/msg="ready to take alerts" url=(\S+)/);
    prometheus = await startRealPrometheus({
      binary: binaries.prometheus,
      config: prometheusConfig(proxyUrl, node),
      rules: rules(),
    });
    cleanups.push(prometheus.stop);
  }, 60_000);

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    folder.remove();
  });

  const patience = {
    deadlineMs: 40_000,
    everyMs: 200,
    show: () => `${proxy.stderr}\n${prometheus.output()}`,
  };

  /** The alert of that node as the Alertmanager returns it, once its annotations hold this. */
  function returned(
    alertmanager: RealAlertmanager,
    instance: string,
    name: string,
    text: string,
  ): Promise<GettableAlert> {
    return waitFor(
      `${name} ${JSON.stringify(text)} of ${instance}`,
      async () => {
        const alerts = await alertmanager.alerts();
        return alerts.find(
          ({ labels, annotations }) =>
            labels['instance'] === instance && annotations[name]?.includes(text) === true,
        );
      },
      patience,
    );
  }

  function notified(status: Notification['status']): Promise<Notification['alerts'][number]> {
    return waitFor(
      `a notification: ${status}`,
      () =>
        webhook.notifications
          .flatMap(({ alerts }) => alerts)
          .find((alert) => alert.status === status && alert.labels['instance'] === node.address),
      patience,
    );
  }

  it('shows what the check printed at every Alertmanager, byte for byte', async () => {
    for (const alertmanager of alertmanagers) {
      const alert = await returned(alertmanager, node.address, 'check_output', 'CRITICAL');

      expect(alert.annotations).toEqual({
        check_output: CRITICAL,
        check_status: '2',
        runbook_url: 'docs/operations.md#checkfailed',
        summary: 'web-001/check_disk',
      });
      expect(alert.labels).toEqual({
        alertname: 'CheckFailed',
        check: 'check_disk',
        client: 'web-001',
        instance: node.address,
        job: 'checks',
        severity: 'critical',
      });
    }
  }, 60_000);

  it('puts it into the notification', async () => {
    const { annotations } = await notified('firing');

    expect(annotations['check_output']).toBe(CRITICAL);
  }, 60_000);

  it('says that a node does not answer, in words and as a code', async () => {
    const alert = await returned(alertmanagers[0]!, DEAD_NODE, 'check_fetch_error', 'refused');

    expect(alert.annotations['check_output']).toMatch(/^could not fetch check output: /);
  }, 60_000);

  it('counts what it did', async () => {
    const metrics = await scrape(proxyUrl);

    const enriched = (result: string): number | undefined =>
      sample(metrics, 'alertmanager_proxy_alerts_enriched_total', { source: 'node', result });
    expect(enriched('fresh')).toBeGreaterThan(0);
    expect(enriched('failed')).toBeGreaterThan(0);
  });

  it('puts what the check prints after it recovered into the notification of that', async () => {
    nodeSays(0, OK);

    const { annotations } = await notified('resolved');

    expect(annotations['check_output']).toBe(OK);
  }, 60_000);

  it('stops in good order', async () => {
    await prometheus.stop();

    expect(await proxy.stop()).toBe(0);
  });
});

const SILENT = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };

function alertmanagerConfig(webhook: WebhookReceiver): Record<string, unknown> {
  return {
    route: {
      receiver: 'hook',
      group_by: ['...'],
      group_wait: '0s',
      group_interval: '1s',
      repeat_interval: '1h',
    },
    receivers: [{ name: 'hook', webhook_configs: [{ url: webhook.url, send_resolved: true }] }],
  };
}

function proxyConfig(alertmanagers: readonly RealAlertmanager[], node: StubSource): Record<string, unknown> {
  return {
    alertmanagers: [{ static_configs: [{ targets: alertmanagers.map(({ url }) => new URL(url).host) }] }],
    sources: [
      {
        name: 'node',
        matchers: ['instance=~".+"', 'check=~".+"'],
        url: 'http://{instance}/checks/{check}',
        annotations: { check_output: 'check.output' },
        // The first notification is looked at: a busy machine must not cost its output.
        timeout: '1500ms',
        connect_timeout: '1s',
        allow: { cidrs: ['127.0.0.0/8'], ports: [node.port, 1] },
      },
    ],
  };
}

function prometheusConfig(proxyUrl: string, node: StubSource): Record<string, unknown> {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(proxyUrl).host] }] }] },
    scrape_configs: [
      {
        job_name: 'checks',
        static_configs: [{ targets: [node.address], labels: { client: 'web-001' } }],
      },
    ],
  };
}

/** The shipped rules, and an alert about a node that is down. */
function rules(): Record<string, unknown> {
  const shipped = parse(readFileSync(new URL('../../config/rules/checks.yml', import.meta.url), 'utf8')) as {
    readonly groups: readonly unknown[];
  };
  const dead = {
    alert: 'NodeDown',
    expr: 'vector(1)',
    labels: { instance: DEAD_NODE, check: 'check_disk' },
  };
  return { groups: [...shipped.groups, { name: 'dead', rules: [dead] }] };
}
