import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

interface Rule {
  alert?: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, string>;
}

interface Alertmanager {
  route: { receiver: string; routes: Record<string, unknown>[] };
  time_intervals: { name: string; time_intervals: object[] }[];
  receivers: {
    name: string;
    email_configs?: Record<string, unknown>[];
    slack_configs?: Record<string, unknown>[];
  }[];
}

interface Converted {
  readonly rules: readonly Rule[];
  readonly alertmanager: Alertmanager;
  readonly unconverted: string;
}

let conversions = 0;

/** Converts a configuration and reads back what was written. */
async function convert(configuration: object): Promise<Converted> {
  conversions += 1;
  const directory = join(folder.path, String(conversions), 'conf.d');
  folder.write(`${conversions}/conf.d/sensu.json`, JSON.stringify(configuration));
  const output = join(folder.path, String(conversions), 'out');
  const { exitCode, stderr } = await callCommand(['convert-sensu', directory, '--output.dir', output]);
  expect(exitCode).toBe(0);
  const rules = parse(readFileSync(join(output, 'sensu-rules.yml'), 'utf8')) as {
    groups: { rules: Rule[] }[];
  };
  return {
    rules: rules.groups.flatMap((group) => group.rules),
    alertmanager: parse(readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8')) as Alertmanager,
    unconverted: stderr,
  };
}

const check = { command: 'true', standalone: true, interval: 60 };
const mailer = { type: 'pipe', command: 'handler-mailer.rb' };
const mail = { mail_from: 'sensu@example.com', mail_to: 'ops@example.com' };

describe('convert-sensu: the rules', () => {
  it.each([
    ['alert at the first occurrence', { interval: 60 }, undefined, undefined],
    ['alert at an occurrence further on, as the agent counts', { interval: 60, occurrences: 3 }, 3, '2m'],
    ['take hours as hours', { interval: 3600, occurrences: 2 }, 2, '1h'],
    ['count by cron, too', { cron: '0 4 * * *', occurrences: 3 }, 3, undefined],
  ])('%s', async (_, attributes, occurrences, kept) => {
    const { rules } = await convert({ checks: { check_disk: { ...check, ...attributes } } });

    const rule = rules.find(({ labels }) => labels?.['check'] === 'check_disk');
    const counted =
      occurrences === undefined
        ? ''
        : `\n  and on (job, instance, check, source) check:problem_occurrences >= ${occurrences}`;
    expect(rule).toMatchObject({
      alert: 'CheckFailed',
      expr: `check:problem{check="check_disk", problem="failed"}${counted}`,
    });
    expect(rule).not.toHaveProperty('for');
    expect(rule?.keep_firing_for).toBe(kept);
  });

  it.each([
    ['occurrences', 'five'],
    ['occurrences', 2.5],
    ['refresh', 0],
  ])('alert on a check whose %s is wrong, which is named', async (attribute, value) => {
    const { rules, alertmanager, unconverted } = await convert({
      checks: { disk: { ...check, handler: 'mailer', [attribute]: value } },
      handlers: { mailer },
      mailer: mail,
    });

    const rule = rules.find(({ labels }) => labels?.['check'] === 'disk');
    expect(rule).toMatchObject({
      alert: 'CheckFailed',
      expr: 'check:problem{check="disk", problem="failed"}',
    });
    expect(rule).not.toHaveProperty('for');
    expect(alertmanager.route.routes).toContainEqual({
      receiver: 'mailer',
      matchers: ['check="disk"'],
      continue: true,
    });
    expect(unconverted).toMatch(
      new RegExp(`check "disk": ${attribute}: .*; converted as if it were not set`),
    );
  });

  it('alert on checks that no file defines too', async () => {
    const { rules } = await convert({ checks: { 'check.disk': check, check_load: check } });

    expect(rules.findLast(({ alert }) => alert === 'CheckFailed')?.expr).toBe(
      'check:problem{check!~"check\\\\.disk|check_load", problem="failed"}',
    );
  });

  it('merge what several files say of a check', async () => {
    const directory = join(folder.path, 'merged');
    folder.write('merged/a.json', JSON.stringify({ checks: { disk: { ...check, occurrences: 2 } } }));
    folder.write('merged/b/b.json', JSON.stringify({ checks: { disk: { interval: 300 } } }));

    expect((await callCommand(['convert-sensu', directory])).stdout).toContain('keep_firing_for: 5m');
  });
});

describe('convert-sensu: the time intervals', () => {
  const subdued = async (days: object): Promise<Alertmanager['time_intervals']> => {
    const configuration = {
      checks: { disk: { ...check, handler: 'mailer', subdue: { days } } },
      handlers: { mailer },
      mailer: mail,
    };
    return (await convert(configuration)).alertmanager.time_intervals;
  };

  it.each([
    [
      'take times of day in the local time of the Alertmanager',
      { monday: [{ begin: '09:30', end: '5 PM' }] },
      [{ weekdays: ['monday'], times: [{ start_time: '09:30', end_time: '17:00' }], location: 'Local' }],
    ],
    [
      'split a window over midnight',
      { all: [{ begin: '10PM', end: '6AM' }] },
      [
        {
          times: [
            { start_time: '00:00', end_time: '06:00' },
            { start_time: '22:00', end_time: '24:00' },
          ],
          location: 'Local',
        },
      ],
    ],
    [
      'end at midnight',
      { all: [{ begin: '22:00', end: '00:00' }] },
      [{ times: [{ start_time: '22:00', end_time: '24:00' }], location: 'Local' }],
    ],
    [
      'end with the minute that Sensu ends in',
      { all: [{ begin: '12:00:00', end: '23:59:59' }], friday: [{ begin: '10:00:30', end: '10:00:40' }] },
      [
        { times: [{ start_time: '12:00', end_time: '24:00' }], location: 'Local' },
        {
          weekdays: ['friday'],
          times: [{ start_time: '10:00', end_time: '10:01' }],
          location: 'Local',
        },
      ],
    ],
    [
      'are without a window that ends when it begins',
      { all: [{ begin: '00:00', end: '00:00' }], monday: [{ begin: '09:00', end: '10:00' }] },
      [{ weekdays: ['monday'], times: [{ start_time: '09:00', end_time: '10:00' }], location: 'Local' }],
    ],
    [
      'keep UTC',
      { sunday: [{ begin: '08:00 UTC', end: '12:00 UTC' }] },
      [{ weekdays: ['sunday'], times: [{ start_time: '08:00', end_time: '12:00' }], location: 'UTC' }],
    ],
  ])('%s', async (_, days, expected) => {
    expect(await subdued(days)).toEqual([{ name: 'subdue-disk', time_intervals: expected }]);
  });
});

describe('convert-sensu: a window that ends when it begins', () => {
  it('mutes nothing, and is named', async () => {
    const subdue = { days: { all: [{ begin: '00:00', end: '00:00' }] } };
    const { alertmanager, unconverted } = await convert({
      checks: { disk: { ...check, handler: 'mailer', subdue } },
      handlers: { mailer },
      mailer: mail,
    });

    expect(alertmanager.time_intervals).toEqual([]);
    expect(alertmanager.route.routes[0]).not.toHaveProperty('mute_time_intervals');
    expect(unconverted).toContain(
      'check "disk": subdue: a window that ends when it begins, or begins at 24:00, is never open',
    );
  });
});

describe('convert-sensu: the severities of a handler', () => {
  it.each([[['ok']], [[]]])(
    'leave it without a route if there is no alert among them: %j',
    async (severities) => {
      const { alertmanager, unconverted } = await convert({
        checks: { disk: { ...check, handler: 'default' } },
        handlers: { default: { ...mailer, severities } },
        mailer: mail,
      });

      expect(alertmanager.route.routes).toEqual([]);
      expect(unconverted).toContain('handler "default": severities: ');
    },
  );

  it('hold for the failures of its checks and of those that no file defines, and for no other alert', async () => {
    const { alertmanager } = await convert({
      checks: { disk: { ...check, handler: 'default' } },
      handlers: { default: { ...mailer, severities: ['ok', 'critical'] } },
      mailer: mail,
    });

    const routes = [{ receiver: 'nobody', matchers: ['alertname="CheckFailed"', 'severity!~"critical"'] }];
    expect(alertmanager.route.routes).toEqual([
      { receiver: 'default', matchers: ['check="disk"'], continue: true, routes },
      { receiver: 'default', matchers: ['check!~"disk"'], continue: true, routes },
    ]);
  });
});

describe('convert-sensu: the receivers', () => {
  it('write the mails of the shipped example', async () => {
    const { alertmanager } = await convert({
      checks: { disk: { ...check, handler: 'mailer' } },
      handlers: { mailer },
      mailer: mail,
    });
    const shipped = parse(readFileSync('config/alertmanager.yml', 'utf8')) as Alertmanager;

    const expected = shipped.receivers[0]?.email_configs?.[0];
    expect(alertmanager.receivers.find(({ name }) => name === 'mailer')?.email_configs?.[0]).toEqual({
      ...expected,
      from: 'sensu@example.com',
      smarthost: 'localhost:25',
      require_tls: false,
    });
  });

  it.each([
    ['the settings', 'handler-mailer.rb', '[from-settings] '],
    ['an option', '/usr/bin/ruby /opt/bin/handler-mailer.rb -s [short]', '[short] '],
    ['a quoted option', `handler-mailer.rb --subject_prefix "[two words]" -j mailer`, '[two words] '],
  ])('take the prefix of a subject from %s', async (_, command, prefix) => {
    const { alertmanager } = await convert({
      checks: { disk: { ...check, handler: 'mailer' } },
      handlers: { mailer: { type: 'pipe', command } },
      mailer: { ...mail, subject_prefix: '[from-settings]' },
    });

    expect(alertmanager.receivers[1]?.email_configs?.[0]).toMatchObject({
      headers: { Subject: `${prefix}{{ template "sensu.mail.subject" . }}` },
    });
  });

  it('keep what surrounds a Slack message', async () => {
    const { alertmanager } = await convert({
      checks: { disk: { ...check, handler: 'slack' } },
      handlers: { slack: { type: 'pipe', command: 'handler-slack.rb --json chat' } },
      chat: {
        webhook_url: 'https://hooks.slack.com/x',
        surround: '```',
        message_prefix: '@here',
        channel: '#ops',
      },
    });

    expect(alertmanager.receivers[1]?.slack_configs?.[0]).toMatchObject({
      api_url_file: '/etc/alertmanager/chat-webhook-url',
      channel: '#ops',
      text: '@here ```{{ template "sensu.slack.text" . }}```',
    });
  });

  it('have no destination, and say so, when the handler is not known', async () => {
    const { alertmanager, unconverted } = await convert({
      checks: { disk: { ...check, handlers: ['pager', 'udp'] } },
      handlers: { pager: { type: 'pipe', command: 'pager.rb' }, udp: { type: 'udp' } },
    });

    expect(alertmanager.receivers).toEqual(['unrouted', 'pager', 'udp', 'nobody'].map((name) => ({ name })));
    expect(unconverted).toContain(
      'handler "pager": its command has no counterpart here; give its receiver a destination',
    );
    expect(unconverted).toContain('handler "udp": its type "udp" has no counterpart here');
  });
});
