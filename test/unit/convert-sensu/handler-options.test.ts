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

interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly Record<string, unknown>[];
  readonly slack_configs?: readonly Record<string, unknown>[];
}

/** Converts a check with one handler; what became of it, and the sentences of what did not. */
async function convert(
  command: string,
  settings: object,
): Promise<{ receiver: Receiver | undefined; left: string[] }> {
  const configuration = {
    checks: { disk: { command: 'true', standalone: true, interval: 60, handler: 'default' } },
    handlers: { default: { type: 'pipe', command } },
    ...settings,
  };
  folder.write('conf.d/a.json', JSON.stringify(configuration));
  const output = join(folder.path, 'out');
  const { stderr } = await callCommand([
    'convert-sensu',
    join(folder.path, 'conf.d'),
    '--output.dir',
    output,
  ]);
  const { receivers } = parse(readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8')) as {
    receivers: Receiver[];
  };
  return {
    receiver: receivers.find(({ name }) => name === 'default'),
    left: stderr
      .split('\n')
      .filter((line) => line.startsWith('  '))
      .map((line) => line.trim()),
  };
}

const mail = { mail_from: 'a@example.com', mail_to: 'b@example.com' };

describe('convert-sensu: the programs of handlers', () => {
  it.each([
    ['/opt/sensu/embedded/bin/handler-mailer.rb', 'email_configs'],
    ['/etc/sensu/handlers/notification/mailer.rb', 'email_configs'],
    ['ruby /etc/sensu/handlers/mailer.rb', 'email_configs'],
    ['"C:\\opt\\sensu\\embedded\\bin\\handler-mailer.rb"', 'email_configs'],
    ['/etc/sensu/handlers/notification/slack.rb', 'slack_configs'],
    ['sudo -u sensu slack.rb -j slack', 'slack_configs'],
  ])('are known in %s', async (command, configs) => {
    const { receiver } = await convert(command, {
      mailer: mail,
      slack: { webhook_url: 'https://hooks.example.com/x' },
    });

    expect(Object.keys(receiver ?? {})).toEqual(['name', configs]);
  });

  it.each(['handler-mailer-ses.rb', 'mymailer.rb', 'mailer.rb.sh', 'slack.rbx', 'handler-pagerduty.rb'])(
    'are not taken for others: %s',
    async (command) => {
      const { receiver, left } = await convert(command, { mailer: mail });

      expect(Object.keys(receiver ?? {})).toEqual(['name']);
      expect(left).toEqual([
        'handler "default": its command has no counterpart here; give its receiver a destination',
      ]);
    },
  );
});

describe('convert-sensu: the options of a handler', () => {
  it.each([
    ['handler-mailer.rb -j chat'],
    ['handler-mailer.rb -jchat'],
    ['handler-mailer.rb --json_config chat'],
    ['handler-mailer.rb --json_config=chat'],
    ['handler-mailer.rb --json chat'],
    [`handler-mailer.rb --json_config='chat'`],
    ['handler-mailer.rb -s "[a b]" -j chat'],
  ])('are read as Ruby reads them: %s', async (command) => {
    const { receiver } = await convert(command, { chat: { ...mail, mail_to: 'chat@example.com' } });

    expect(receiver?.email_configs).toMatchObject([{ to: 'chat@example.com' }]);
  });

  it('have a sentence each if they are not converted', async () => {
    const { left } = await convert(
      'handler-mailer.rb -t /etc/sensu/mail.erb -c html -T /a.erb -x 1 --debug',
      {
        mailer: { ...mail, subject_template: '/etc/sensu/subject.erb', colour: 'red', timeout: 20 },
      },
    );

    expect(left).toEqual([
      'setting "mailer.subject_template": write an Alertmanager template',
      'setting "mailer.colour": nothing here reads it',
      'setting "mailer.timeout": Alertmanager has time limits of its own',
      'handler "default": option --template: write an Alertmanager template',
      'handler "default": option --subject_template: write an Alertmanager template',
      'handler "default": option --content_type: the shipped templates are plain text',
      'handler "default": option -x: nothing here reads it',
      'handler "default": option --debug: nothing here reads it',
    ]);
  });

  it('hide what is given with an option that is not known', async () => {
    const { left } = await convert('handler-slack.rb --token=s3cret -z s3cret', {
      slack: { token: 's3cret' },
    });

    expect(left.join('\n')).not.toContain('s3cret');
    expect(left).toHaveLength(3);
  });

  it('are those of an old Slack handler too', async () => {
    const { left } = await convert('slack.rb', { slack: { token: 'a', team_name: 'b', channel: '#c' } });

    expect(left).toEqual([
      'setting "slack.token": make an incoming webhook in Slack; this is the key of an older one',
      'setting "slack.team_name": make an incoming webhook in Slack; its URL names the team',
    ]);
  });

  it('say which setting is wrong, or that all are missing', async () => {
    expect((await convert('handler-mailer.rb -j none', { mailer: mail })).left).toEqual([
      'handler "default": its settings "none" are missing',
    ]);
    const { left } = await convert('handler-mailer.rb', { mailer: { ...mail, delivery_method: 5 } });
    expect(left).toEqual([
      expect.stringMatching(/^handler "default": its settings are wrong: mailer\.delivery_method: /),
    ]);
  });
});
