import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { startAlertmanager } from '../../src/quickstart/alertmanager.ts';
import type { Program } from '../../src/quickstart/program.ts';
import { encodeBatch, firing } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { callCommand } from '../support/call-command.ts';
import { startMailReceiver, type MailReceiver } from '../support/mail-receiver.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { runTool } from '../support/run-tool.ts';
import { startSlackReceiver, type SlackReceiver } from '../support/slack-receiver.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

// promtool and amtool are processes: a busy machine may take its time.
jest.setTimeout(60_000);

const sensu = 'test/fixtures/sensu/conf.d';
const folder = createTempFolder();
const rules = join(folder.path, 'sensu-rules.yml');
beforeAll(async () => {
  await callCommand(['convert-sensu', sensu, '--output.dir', folder.path]);
});
afterAll(() => {
  folder.remove();
});

describeWith(['promtool'], 'the rules that convert-sensu writes', ({ promtool }) => {
  it('are valid', async () => {
    expect(await runTool(promtool, ['check', 'rules', rules])).toMatchObject({ ok: true });
  });

  it('wait for the occurrences, and tell a worse status without a gap', async () => {
    const disk =
      'job="checks", instance="web-001:9470", client="web-001", check="check_disk", problem="failed"';
    const series = (metric: string, severity: string, values: string): object => ({
      series: `${metric}{${disk}, severity="${severity}"}`,
      values,
    });
    const alert = (severity: string, status: string): object => ({
      exp_labels: {
        severity,
        job: 'checks',
        instance: 'web-001:9470',
        client: 'web-001',
        check: 'check_disk',
      },
      exp_annotations: {
        summary: 'web-001/check_disk',
        check_status: status,
        runbook_url: 'docs/operations.md#checkfailed',
      },
    });
    const at = (eval_time: string, ...exp_alerts: object[]): object => ({
      eval_time,
      alertname: 'CheckFailed',
      exp_alerts,
    });
    const test = folder.write(
      'rules.test.json',
      JSON.stringify({
        rule_files: [rules],
        evaluation_interval: '30s',
        tests: [
          {
            interval: '1m',
            // WARNING from 1m on, CRITICAL from 5m on, OK from 9m on; three occurrences are 2m.
            input_series: [
              series('check_problem', 'warning', '_ 1 1 1 1 stale'),
              series('check_problem_occurrences', 'warning', '_ 1 2 3 4 stale'),
              series('check_problem', 'critical', '_x5 2 2 2 2 stale'),
              series('check_problem_occurrences', 'critical', '_x5 1 2 3 4 stale'),
            ],
            alert_rule_test: [
              at('2m30s'),
              at('3m', alert('warning', '1')),
              at('6m30s', alert('warning', '1')),
              at('7m', alert('critical', '2')),
              at('8m', alert('critical', '2')),
              at('11m'),
            ],
          },
        ],
      }),
    );

    expect(await runTool(promtool, ['test', 'rules', test])).toMatchObject({ ok: true });
  });
});

describeWith(['alertmanager'], 'what convert-sensu writes, alone', ({ alertmanager: binary }) => {
  let mail: MailReceiver;
  let slack: SlackReceiver;
  let alertmanager: Program;

  beforeAll(async () => {
    [mail, slack] = await Promise.all([startMailReceiver(), startSlackReceiver()]);
    const [smtp_address, smtp_port] = mail.address.split(':');
    const configuration = {
      checks: {
        check_disk: { command: 'true', standalone: true, interval: 60, handlers: ['mailer', 'slack'] },
      },
      handlers: {
        mailer: { type: 'pipe', command: 'handler-mailer.rb' },
        slack: { type: 'pipe', command: 'handler-slack.rb' },
      },
      mailer: { mail_from: 'sensu@example.com', mail_to: 'ops@example.com', smtp_address, smtp_port },
      slack: { channel: '#ops' },
    };
    folder.write('alone/conf.d/sensu.json', JSON.stringify(configuration));
    const output = join(folder.path, 'alone/output');
    await callCommand(['convert-sensu', join(folder.path, 'alone/conf.d'), '--output.dir', output]);

    folder.write('alone/secrets/slack-webhook-url', slack.url);
    const written = readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8');
    const config = parse(
      written.replaceAll('/etc/alertmanager/', join(folder.path, 'alone/secrets/')),
    ) as Record<'route', Record<string, unknown>>;
    alertmanager = await startAlertmanager({
      binary,
      folder: output,
      config: { ...config, route: { ...config.route, group_wait: '100ms' } },
    });
    await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: encodeBatch([
        firing(
          { client: 'web-001', check: 'check_disk', severity: 'critical' },
          { annotations: { client_address: '10.0.2.100' } },
        ),
      ]),
    });
  });
  afterAll(async () => {
    await alertmanager.stop();
    await Promise.all([mail.close(), slack.close()]);
  });

  it("notifies by mail with Sensu's text", async () => {
    const { subject, text } = await waitFor('a mail', () => mail.mails[0]);

    expect(subject).toBe('ALERT - web-001/check_disk: CRITICAL');
    expect(text).toContain('\nCheck Name:  check_disk\n');
  });

  it("notifies by Slack with Sensu's text, at the webhook of the file that it names", async () => {
    const message = await waitFor('a message', () => slack.messages[0]);

    expect(message).toMatchObject({
      channel: '#ops',
      attachments: [{ title: '10.0.2.100 - CRITICAL' }],
    });
  });
});

describeWith(
  ['alertmanager', 'amtool'],
  'the silences that convert-sensu writes',
  ({ alertmanager: binary }) => {
    const silenced = [
      {
        id: 'client:web-001:*',
        subscription: 'client:web-001',
        check: null,
        expire: -1,
        reason: "it's down",
      },
      { id: '*:check_disk', subscription: null, check: 'check_disk', expire: 3600, creator: 'ada' },
      {
        id: 'load-balancer:check_haproxy',
        subscription: 'load-balancer',
        check: 'check_haproxy',
        expire: 60,
      },
      {
        id: 'client:db-001:backup',
        subscription: 'client:db-001',
        check: 'backup',
        begin: Math.floor(Date.now() / 1000) + 600,
        expire: 1200,
        expire_on_resolve: true,
      },
      { id: '*:odd', subscription: null, check: 'the "odd" \\n one', expire: 60 },
    ];
    let alertmanager: RealAlertmanager;
    let unconverted: string;

    beforeAll(async () => {
      alertmanager = await startRealAlertmanager({
        binary,
        config: { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] },
      });
      const dump = folder.write('silenced.json', JSON.stringify(silenced));
      const output = join(folder.path, 'silences');
      ({ stderr: unconverted } = await callCommand([
        'convert-sensu',
        sensu,
        '--output.dir',
        output,
        '--silenced',
        dump,
      ]));
      const env = { ...process.env, ALERTMANAGER_URL: alertmanager.url };
      await promisify(execFile)('sh', [join(output, 'sensu-silences.sh')], { env });
    });
    afterAll(() => alertmanager.stop());

    it('are in Alertmanager once the script has run', async () => {
      const response = await fetch(`${alertmanager.url}/api/v2/silences`);
      const silences = (await response.json()) as {
        comment: string;
        createdBy: string;
        status: { state: string };
        matchers: { name: string; value: string }[];
      }[];

      const found = silences.map(({ matchers, comment, createdBy, status }) => [
        matchers
          .map(({ name, value }) => `${name}=${value}`)
          .sort()
          .join(' '),
        comment,
        createdBy,
        status.state,
      ]);
      expect(found).toHaveLength(4);
      expect(found).toEqual(
        expect.arrayContaining([
          ['client=web-001', "it's down", 'sensu', 'active'],
          ['check=check_disk', 'silenced in Sensu', 'ada', 'active'],
          ['check=the "odd" \\n one', 'silenced in Sensu', 'sensu', 'active'],
          ['check=backup client=db-001', 'silenced in Sensu', 'sensu', 'pending'],
        ]),
      );
    });

    it('leave out what has no counterpart, and say so', () => {
      expect(unconverted).toContain(
        'silenced "load-balancer:check_haproxy": no label tells the subscriptions',
      );
      expect(unconverted).toContain('silenced "client:db-001:backup": expire_on_resolve');
    });
  },
);
