import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeBatch, resolved, type PostedAlert } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { startMailReceiver, type Mail, type MailReceiver } from '../support/mail-receiver.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { alertsOfAllRules } from '../support/rule-alerts.ts';
import { alertmanagerConfig } from '../support/shipped-configs.ts';
import { startSlackReceiver, type SlackMessage, type SlackReceiver } from '../support/slack-receiver.ts';
import { waitFor } from '../support/wait-for.ts';

jest.setTimeout(60_000);

// The one that fires always goes to a machine.
const ruleAlerts = alertsOfAllRules().filter(
  ({ alert }) => alert.labels['alertname'] !== 'AlertmanagerProxyDeadMansSwitch',
);

/** What a person gets of one alert. */
interface Texts {
  readonly mail: Mail;
  readonly slack: SlackMessage['attachments'][number];
}

/** What nobody can act on. */
const EMPTY = /^\s*-|- *:|\/:|<no value>|: *$/;

describeWith(
  ['alertmanager'],
  'the mail and the Slack message of every shipped rule',
  ({ alertmanager: binary }) => {
    let mails: MailReceiver;
    let slack: SlackReceiver;
    let alertmanager: RealAlertmanager;
    beforeAll(async () => {
      mails = await startMailReceiver();
      slack = await startSlackReceiver();
      alertmanager = await startRealAlertmanager({
        binary,
        config: alertmanagerConfig(mails.address, slack.url),
      });
      await post(ruleAlerts.map(({ alert }) => alert));
      await textsArrive('ALERT');
      await post(ruleAlerts.map(({ alert }) => resolved(recovered(alert))));
      await textsArrive('RESOLVED');
    });
    afterAll(async () => {
      await alertmanager.stop();
      await Promise.all([mails.close(), slack.close()]);
    });

    it('are more than twenty', () => {
      expect(ruleAlerts.length).toBeGreaterThan(20);
    });

    describe.each(ruleAlerts)('$name', ({ alert, where }) => {
      const { summary, check_output: output, runbook_url: runbook = '' } = alert.annotations ?? {};
      const isResult = alert.labels['alertname'] === 'CheckFailed';

      it('name what is broken and where, in subject, title and body', () => {
        const { mail, slack: message } = textsOf('ALERT', where);

        expect(mail.subject).toContain(isResult ? 'check_disk' : alert.labels['alertname']);
        for (const text of [mail.subject, mail.text]) expect(text).toContain(where);
        expect(`${message.title} ${message.text}`).toContain(where);
        for (const title of [mail.subject, message.title]) expect(title).not.toMatch(EMPTY);
        for (const text of [mail.text, message.text])
          expect(text).toContain((output ?? summary ?? '?').trim());
      });

      it('say at the end what is over, and not that it is so', () => {
        const { mail, slack: message } = textsOf('RESOLVED', where);

        for (const text of [mail.subject, mail.text]) expect(text).toContain(where);
        expect(`${message.title} ${message.text}`).toContain(where);
        for (const title of [mail.subject, message.title]) expect(title).not.toMatch(EMPTY);
        expect(message.color).not.toBe('#FF0000');
        // Of a check that is OK the proxy writes what it says now.
        if (isResult) return;
        const problem = (output ?? summary ?? '?').trim();
        for (const text of [mail.text, message.text]) {
          expect(
            text.split('\n').filter((line) => line.includes(problem) && !/[Tt]his is over: /.test(line)),
          ).toEqual([]);
          expect(text).toMatch(/[Tt]his is over: |again|any more|runs without|accepts what|runs the/);
        }
      });

      it('lead to what to do', () => {
        const { mail, slack: message } = textsOf('ALERT', where);

        // Sensu's own text of a check has no such line.
        if (isResult) expect(mail.text).not.toContain('Runbook');
        else for (const text of [mail.text, message.text]) expect(text).toContain(runbook);
      });
    });

    async function post(alerts: readonly PostedAlert[]): Promise<void> {
      await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: encodeBatch(alerts),
      });
    }

    function textsArrive(event: string): Promise<unknown> {
      return waitFor(`${event} of all rules`, () => {
        for (const { where } of ruleAlerts) textsOf(event, where);
        return true;
      });
    }

    function textsOf(event: string, where: string): Texts {
      const isOf = (text: string): boolean => new RegExp(`${where}\\b`).test(text);
      const mail = mails.mails.find(({ subject, text }) => subject.startsWith(event) && isOf(subject + text));
      const messages = slack.messages.flatMap(({ attachments }) => attachments);
      const message = messages.filter(({ title, text }) => isOf(title + text))[event === 'ALERT' ? 0 : 1];
      if (mail === undefined || message === undefined) throw new Error(`no ${event} about ${where}`);
      return { mail, slack: message };
    }
  },
);

// As the proxy enriches it then.
function recovered(alert: PostedAlert): PostedAlert {
  if (alert.labels['alertname'] !== 'CheckFailed') return alert;
  return {
    ...alert,
    annotations: { ...alert.annotations, check_output: 'DISK OK: /var 40 % used\n', check_status_text: 'OK' },
  };
}
