import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { encodeBatch, firing, resolved, type PostedAlert } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

jest.setTimeout(60_000);

interface Config {
  route: Record<string, unknown>;
  inhibit_rules: unknown;
}

describeWith(
  ['alertmanager'],
  'the grouping and inhibition of config/alertmanager.yml',
  ({ alertmanager: binary }) => {
    let alertmanager: RealAlertmanager;
    let receiver: WebhookReceiver;

    beforeAll(async () => {
      const shipped = parse(readFileSync('config/alertmanager.yml', 'utf8')) as Config;
      receiver = await startWebhookReceiver();
      alertmanager = await startRealAlertmanager({
        binary,
        config: {
          route: {
            group_by: shipped.route['group_by'],
            group_wait: '100ms',
            // So long that what is posted after one notification is there, and inhibits, before the next.
            group_interval: '2s',
            receiver: 'webhook',
          },
          inhibit_rules: shipped.inhibit_rules,
          receivers: [{ name: 'webhook', webhook_configs: [{ url: receiver.url, send_resolved: true }] }],
        },
      });
    });
    afterAll(async () => {
      await alertmanager.stop();
      await receiver.close();
    });

    const labels = { client: 'web-001', check: 'check_disk' };
    const warning = firing({ ...labels, severity: 'warning' });
    const critical = firing({ ...labels, severity: 'critical' });

    const post = (...alerts: PostedAlert[]): Promise<Response> =>
      fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: encodeBatch(alerts),
      });

    /** What the nth notification said, such as `warning firing`. */
    const notification = (n: number): Promise<string> =>
      waitFor(`notification ${n}`, () =>
        receiver.notifications[n]?.alerts
          .map(({ labels, status }) => `${labels['severity'] ?? ''} ${status}`)
          .join(', '),
      );

    it('tell of each change of severity once, and of RESOLVED only when the check is OK', async () => {
      await post(warning);
      expect(await notification(0)).toBe('warning firing');

      await post(resolved(warning), critical);
      expect(await notification(1)).toBe('critical firing');

      await post(resolved(critical));
      expect(await notification(2)).toBe('critical resolved');
    });
  },
);
