import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { freePort } from '../../src/quickstart/free-port.ts';
import { encodeBatch, firing, resolved, type PostedAlert } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { createKillableAlertmanager, type KillableAlertmanager } from '../support/killable-alertmanager.ts';
import { runCommand } from '../support/run-command.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

jest.setTimeout(120_000);

/** Longer than an Alertmanager that has come back, and that was sent a firing alert, needs for its message. */
const WAIT_FOR_MESSAGES_MS = 12_000;

/** How the alerts of a Prometheus get to two Alertmanagers. */
type Way = (alertmanagers: readonly KillableAlertmanager[]) => Promise<{
  post: (alerts: readonly PostedAlert[]) => Promise<unknown>;
  end: () => Promise<unknown>;
}>;

async function postTo(url: string, alerts: readonly PostedAlert[]): Promise<void> {
  const body = new Uint8Array(encodeBatch(alerts));
  const headers = { 'Content-Type': 'application/json' };
  await (await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body })).arrayBuffer();
}

/** The control: as Prometheus does it alone, an Alertmanager that is away misses what is sent meanwhile. */
const directly: Way = (alertmanagers) =>
  Promise.resolve({
    post: (alerts) =>
      Promise.allSettled(alertmanagers.map(({ address }) => postTo(`http://${address}`, alerts))),
    end: () => Promise.resolve(),
  });

const throughTheProxy: Way = async (alertmanagers) => {
  const folder = createTempFolder();
  const targets = alertmanagers.map(({ address }) => address);
  const file = folder.write('proxy.yml', stringify({ alertmanagers: [{ static_configs: [{ targets }] }] }));
  const proxy = runCommand(['serve', `--config.file=${file}`, '--web.listen-address=127.0.0.1:0']);
  const [, url = ''] = await proxy.printed(/ready to take alerts.* url=(\S+)/);
  return {
    post: (alerts) => postTo(url, alerts),
    end: async () => {
      await proxy.stop();
      folder.remove();
    },
  };
};

describeWith(['alertmanager'], 'an Alertmanager that missed a resolution', ({ alertmanager: binary }) => {
  let ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.toReversed()) await end();
    ends = [];
  });

  /** Two Alertmanagers of one cluster that tell one receiver. */
  async function startCluster(
    receiver: WebhookReceiver,
  ): Promise<[KillableAlertmanager, KillableAlertmanager]> {
    const config = {
      route: { receiver: 'hook', group_by: ['alertname'], group_wait: '1s', group_interval: '1s' },
      receivers: [{ name: 'hook', webhook_configs: [{ url: receiver.url, send_resolved: true }] }],
    };
    const [one, other] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    const start = async (own: string, peer: string): Promise<KillableAlertmanager> => {
      const clusterFlags = [
        `--cluster.listen-address=${own}`,
        `--cluster.peer=${peer}`,
        '--cluster.peer-timeout=1s',
        '--cluster.settle-timeout=1s',
        '--cluster.reconnect-interval=1s',
      ];
      const alertmanager = await createKillableAlertmanager(binary, { config, clusterFlags });
      ends.push(() => alertmanager.stop());
      await alertmanager.start();
      return alertmanager;
    };
    return [await start(one, other), await start(other, one)];
  }

  /** The messages of an alert that fires and resolves while one Alertmanager is away, which then comes back. */
  async function messages(way: Way): Promise<string[]> {
    const receiver = await startWebhookReceiver();
    ends.push(() => receiver.close());
    const cluster = await startCluster(receiver);
    const { post, end } = await way(cluster);
    ends.push(end);
    const told = (status: string) => (): boolean =>
      receiver.notifications.some((notification) => notification.status === status);

    const [, away] = cluster;
    await away.kill();
    const alert = firing({ alertname: 'Disk' });
    await post([alert]);
    await waitFor('the message that it fires', told('firing'), { deadlineMs: 30_000 });
    const over = resolved(alert);
    await post([over]);
    await waitFor('the message that it is over', told('resolved'), { deadlineMs: 30_000 });
    await away.start();
    await post([over]);
    await delay(WAIT_FOR_MESSAGES_MS);
    return receiver.notifications.map(({ status }) => status);
  }

  it('tells nobody of what is over: the messages are those without the proxy', async () => {
    const [control, proxied] = [await messages(directly), await messages(throughTheProxy)];

    expect(control).toEqual(['firing', 'resolved']);
    expect(proxied).toEqual(control);
  });
});
