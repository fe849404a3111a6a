import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { runTool } from '../support/run-tool.ts';
import {
  mailBody,
  mailSubject,
  slackColor,
  slackText,
  slackTitle,
  statusText,
} from '../support/sensu-handlers.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import type { SensuEvent } from '../support/sensu-handlers.ts';

// promtool and amtool are processes: a busy machine may take its time.
jest.setTimeout(60_000);

const templates = 'config/templates/*.tmpl';
const adminGui = 'http://uchiwa.example.com/';

/** An alert as Alertmanager hands it to a template. */
interface TemplateAlert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string;
}

// Slack reads these as markup.
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function anEvent(check: Partial<SensuEvent['check']> = {}, event: Partial<SensuEvent> = {}): SensuEvent {
  return {
    client: {
      name: 'web-001.example.co.jp',
      address: '10.0.2.100',
      subscriptions: ['production', 'client:web-001.example.co.jp'],
    },
    check: {
      name: 'check_disk',
      command: 'check-disk-usage.rb -w 80',
      status: 1,
      output: 'CheckDisk WARNING: / 81% bytes usage\n',
      issuedText: '2023-11-15 07:13:20 +0900',
      ...check,
    },
    occurrences: 3,
    action: 'create',
    ...event,
  };
}

/** The event as it arrives by way of Prometheus and the proxy. */
function asAlert({ client, check, occurrences, action }: SensuEvent): TemplateAlert {
  return {
    status: action === 'resolve' ? 'resolved' : 'firing',
    labels: { alertname: 'CheckFailed', client: client.name, check: check.name, severity: 'warning' },
    annotations: {
      summary: 'what the rule says',
      check_output: check.output,
      check_status_text: statusText(check.status),
      check_issued: check.issuedText,
      check_command: check.command,
      check_occurrences: String(occurrences),
      client_address: client.address,
      client_subscriptions: client.subscriptions.join(','),
      ...(check.notification === undefined ? {} : { notification: check.notification }),
      ...(check.playbook === undefined ? {} : { playbook: check.playbook }),
    },
  };
}

const events: readonly (readonly [string, SensuEvent])[] = [
  ['a WARNING', anEvent()],
  ['a CRITICAL', anEvent({ status: 2, output: 'CheckDisk CRITICAL: / 97% bytes usage\n' })],
  ['an UNKNOWN', anEvent({ status: 3, output: 'Check failed to run: no such device\n' })],
  ['status 127', anEvent({ status: 127, output: 'sh: 1: check-disk: not found\n' })],
  ['RESOLVED with the OK output', anEvent({ status: 0, output: 'CheckDisk OK\n' }, { action: 'resolve' })],
  ['a notification text', anEvent({ notification: 'the disk "/" is filling' })],
  ['a playbook', anEvent({ playbook: 'https://wiki.example.com/disk' })],
  ['output without a newline', anEvent({ status: 2, output: 'Execution timed out' })],
  ['no output', anEvent({ output: '' })],
  ['many lines', anEvent({ output: 'CheckDisk WARNING\nline 2\n\n  line 4\n\n' })],
  [
    'a process name that is masked',
    anEvent({ command: 'check-procs.rb -p nginx -w 5', output: 'found 0 -p nginx\n' }),
  ],
  [
    'passwords in every form',
    anEvent({
      command: 'check -psecret -P secret --password=secret --password secret -p\nsecret',
      output: '-p kept at the start\n-p not kept\n\t--password\n',
    }),
  ],
  ['quotes and Slack markup', anEvent({ output: 'said "no" \\"twice\\" <!channel> & $1 ${1}\n' })],
  ['text beyond ASCII', anEvent({ output: 'ディスク障害 – 💾\n' })],
  ['perfdata', anEvent({ output: "DISK OK| 'a b'=1;2;3 /=5%\n" })],
];

describeWith(['amtool'], 'the templates in config/templates/sensu.tmpl', ({ amtool }) => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });

  // What Alertmanager makes of `{{ template "name" . }}` for one notification.
  async function render(name: string, alerts: readonly TemplateAlert[]): Promise<string> {
    const data = folder.write('alerts.json', JSON.stringify({ alerts, externalURL: adminGui }));
    const { ok, output } = await runTool(amtool, [
      'template',
      'render',
      `--template.glob=${templates}`,
      `--template.text={{ template "${name}" . }}`,
      `--template.data=${data}`,
    ]);
    if (!ok) throw new Error(output);
    return output;
  }

  describe.each(events)('%s', (_, event) => {
    it.each([
      ['sensu.mail.subject', mailSubject(event)],
      ['sensu.mail.text', mailBody(event, adminGui)],
      ['sensu.slack.title', slackTitle(event)],
      ['sensu.slack.text', escaped(slackText(event))],
      ['sensu.slack.text.unescaped', slackText(event)],
      ['sensu.slack.color', slackColor(event)],
    ])('%s is what the handler of Sensu wrote', async (name, expected) => {
      expect(await render(name, [asAlert(event)])).toBe(expected);
    });
  });

  it('writes the very bytes that the Ruby mailer wrote', async () => {
    const event = anEvent({
      output: 'CheckDisk WARNING: / 81% bytes usage\nline 2\n',
      command: 'check-disk-usage.rb -w 80 -p secret',
    });

    expect(await render('sensu.mail.text', [asAlert(event)])).toBe(`CheckDisk WARNING: / 81% bytes usage
line 2

Admin GUI: http://uchiwa.example.com/
Host: web-001.example.co.jp
Timestamp: 2023-11-15 07:13:20 +0900
Address:  10.0.2.100
Check Name:  check_disk
Command:  check-disk-usage.rb -w 80 -p <password omitted>
Status:  WARNING
Occurrences:  3

`);
  });

  describe('when the proxy has written nothing', () => {
    const bare = (alert: Partial<TemplateAlert>): TemplateAlert => ({
      status: 'firing',
      labels: { alertname: 'DiskFull', instance: 'web-001:9100', severity: 'critical' },
      annotations: { summary: 'the disk is full' },
      startsAt: '2023-11-14T22:13:20Z',
      ...alert,
    });

    it('writes a mail from what the alert itself says', async () => {
      expect(await render('sensu.mail.subject', [bare({})])).toBe('ALERT - web-001:9100/DiskFull: CRITICAL');
      expect(await render('sensu.mail.text', [bare({})])).toContain(
        'the disk is full\nAdmin GUI: http://uchiwa.example.com/\nHost: web-001:9100\nTimestamp: 2023-11-14 22:13:20 +0000\n',
      );
    });

    it('tells the summary of the rule, then its description', async () => {
      const alert = bare({ annotations: { summary: 'short', description: 'the long story' } });

      expect(await render('sensu.slack.text', [alert])).toMatch(
        /^web-001:9100\/DiskFull: short\nthe long story : web-001$/,
      );
    });

    it('colours by the severity', async () => {
      expect(await render('sensu.slack.color', [bare({})])).toBe('#FF0000');
    });

    it('takes a resolved alert for OK', async () => {
      const resolved = bare({ status: 'resolved' });

      expect(await render('sensu.mail.subject', [resolved])).toBe('RESOLVED - web-001:9100/DiskFull: OK');
      expect(await render('sensu.slack.color', [resolved])).toBe('#36a64f');
    });

    it('renders an alert without any label or annotation', async () => {
      const empty: TemplateAlert = { status: 'firing', labels: {}, annotations: {} };
      expect(await render('sensu.mail.subject', [empty])).toBe('ALERT - : UNKNOWN');
      expect(await render('sensu.slack.title', [empty])).toBe(' - UNKNOWN');
    });
  });

  describe('when the proxy has only the last known output', () => {
    const last = (
      status: TemplateAlert['status'],
      known: Record<string, string>,
      severity?: string,
    ): TemplateAlert => ({
      status,
      labels: { client: 'web-001', check: 'check_disk', ...(severity === undefined ? {} : { severity }) },
      annotations: {
        check_output:
          'could not fetch check output: the node refused the connection\nlast known output, 4m old:\n81%',
        check_fetch_error: 'refused',
        ...known,
      },
    });

    it.each([
      [
        'a resolved alert that was CRITICAL',
        last('resolved', { check_status_text: 'CRITICAL' }, 'critical'),
        'RESOLVED',
        'OK',
        '#36a64f',
      ],
      [
        'a resolved alert that nobody was asked about',
        {
          ...last('resolved', {}, 'critical'),
          annotations: { check_output: 'last known output, 4m old:\n81%', check_status_text: 'CRITICAL' },
        },
        'RESOLVED',
        'OK',
        '#36a64f',
      ],
      [
        'a firing alert that was OK',
        last('firing', { check_status_text: 'OK' }, 'warning'),
        'ALERT',
        'WARNING',
        '#FFCC00',
      ],
      [
        'a critical alert that was WARNING',
        last('firing', { check_status_text: 'WARNING' }, 'critical'),
        'ALERT',
        'CRITICAL',
        '#FF0000',
      ],
      [
        'a firing alert without severity that was WARNING',
        last('firing', { check_status_text: 'WARNING' }),
        'ALERT',
        'WARNING',
        '#FFCC00',
      ],
      [
        'a firing alert without severity that was OK',
        last('firing', { check_status_text: 'OK' }),
        'ALERT',
        'UNKNOWN',
        '#6600CC',
      ],
      [
        'a firing alert of which nothing is known',
        last('firing', {}, 'critical'),
        'ALERT',
        'CRITICAL',
        '#FF0000',
      ],
    ])('says the status of the alert itself: %s', async (_, alert, event, status, color) => {
      expect(await render('sensu.mail.subject', [alert])).toBe(`${event} - web-001/check_disk: ${status}`);
      expect(await render('sensu.mail.text', [alert])).toContain(`\nStatus:  ${status}\n`);
      expect(await render('sensu.slack.title', [alert])).toBe(`web-001 - ${status}`);
      expect(await render('sensu.slack.color', [alert])).toBe(color);
    });
  });

  describe('when a group holds several alerts', () => {
    const warning = asAlert(anEvent());
    const critical = asAlert(anEvent({ name: 'check_load', status: 2, output: 'load 99\n' }));
    const resolved = asAlert(
      anEvent({ name: 'check_a', status: 0, output: 'fine\n' }, { action: 'resolve' }),
    );

    it('tells every alert that fires', async () => {
      const text = await render('sensu.mail.text', [warning, critical]);

      expect(text).toContain('Check Name:  check_disk\n');
      expect(text).toContain('Check Name:  check_load\n');
      expect(await render('sensu.slack.text', [warning, critical])).toMatch(
        /\n +\nweb-001.example.co.jp\/check_load: load 99/,
      );
    });

    it('speaks of what fires, not of what is resolved', async () => {
      expect(await render('sensu.mail.subject', [resolved, critical])).toBe(
        'ALERT - web-001.example.co.jp/check_load: CRITICAL',
      );
      expect(await render('sensu.mail.text', [resolved, critical])).not.toContain('check_a');
      expect(await render('sensu.slack.color', [resolved, critical])).toBe('#FF0000');
    });
  });
});
