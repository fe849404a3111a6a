import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { callCommand, type CommandResult } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

describe('convert-sensu: what it could not convert', () => {
  const fixture = (): Promise<CommandResult> => callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d']);

  it.each([
    'check "check_extension" (test/fixtures/sensu/conf.d/checks.json): check extension is not supported',
    'check "check_switch" (test/fixtures/sensu/conf.d/checks.json): check proxy_requests is not supported',
    'check "check_disk": dependencies: ',
    'check "check_disk": low_flap_threshold: ',
    'check "backup_db": occurrences: a check that runs by cron has no interval',
    'check "check_far": handler "no-such" is not defined; alerts notify nobody',
    'check "check_far": subdue: its times have an offset',
    'check "check_cluster": aggregate: ',
    'check "check_cluster": type metric: ',
    'handler "slack": filter "office_hours": it looks at attributes of Sensu events',
    'handler "slack": filter "first_only": it is Ruby code',
    'handler "pagerduty": mutator: ',
    'setting "slack_ops.dashboard": ',
    'client: mail_to: ',
    'settings: contacts: ',
  ])('names %s', async (sentence) => {
    expect((await fixture()).stderr).toContain(`\n  ${sentence}`);
  });

  it('says nothing of what is converted', async () => {
    const { stderr } = await fixture();

    expect(stderr).not.toContain('"occurrences"');
    expect(stderr).not.toContain('check_load');
    expect(stderr).not.toContain('check_ntp');
  });

  it.each([
    ['that is its only one', { handler: 'mialer' }, 'alerts notify nobody'],
    ['in a set that has no other', { handler: 'misspelt' }, 'alerts notify nobody'],
    ['beside one that takes no alerts', { handlers: ['mialer', 'ok'] }, 'alerts notify nobody'],
    ['beside another', { handlers: ['mialer', 'mailer'] }, 'alerts notify the other handlers only'],
    ['in a set with another', { handlers: ['team', 'misspelt'] }, 'alerts notify the other handlers only'],
  ])(
    'says once what follows for a check from an undefined handler %s',
    async (_, attributes, consequence) => {
      const configuration = {
        checks: { disk: { command: 'true', standalone: true, interval: 60, ...attributes } },
        handlers: {
          default: { type: 'set', handlers: ['mailer'] },
          mailer: { type: 'pipe', command: 'handler-mailer.rb' },
          ok: { type: 'pipe', command: 'handler-mailer.rb', severities: ['ok'] },
          misspelt: { type: 'set', handlers: ['mialer'] },
          team: { type: 'set', handlers: ['mailer', 'mialer'] },
        },
      };
      folder.write('undefined/conf.d/a.json', JSON.stringify(configuration));
      const { stderr } = await callCommand(['convert-sensu', join(folder.path, 'undefined/conf.d')]);

      expect(stderr.split('\n').filter((line) => line.includes('is not defined'))).toEqual([
        `  check "disk": handler "mialer" is not defined; ${consequence}`,
      ]);
    },
  );

  it('names the handlers that no check leads to, by itself or by a set', async () => {
    const check = { command: 'true', standalone: true, interval: 60 };
    const configuration = {
      checks: {
        disk: { ...check, handlers: ['team', 'pager'] },
        quiet: { ...check, handler: 'quiet', handle: false },
      },
      handlers: {
        default: { type: 'udp' },
        pager: { type: 'udp' },
        team: { type: 'set', handlers: ['mate'] },
        mate: { type: 'udp' },
        quiet: { type: 'udp' },
        spare: { type: 'udp' },
        'spare-team': { type: 'set', handlers: ['spare'] },
      },
    };
    folder.write('unnamed/conf.d/a.json', JSON.stringify(configuration));
    const { stderr } = await callCommand(['convert-sensu', join(folder.path, 'unnamed/conf.d')]);

    expect(stderr.split('\n').filter((line) => line.includes('has no route'))).toEqual([
      '  handlers "quiet", "spare": no check that is handled leads to it; it has no route',
    ]);
  });

  it.each([
    ['default', {}],
    ['mialer', { default: { type: 'set', handlers: ['mialer'] } }],
  ])('warns when nobody would hear of an agent that is down, for want of %s', async (name, handlers) => {
    folder.write('no-default/conf.d/a.json', JSON.stringify({ handlers }));
    const { stderr } = await callCommand(['convert-sensu', join(folder.path, 'no-default/conf.d')]);

    expect(stderr).toContain(`handler "${name}": it is not defined, so alerts on agents that are down`);
    expect(stderr).toContain('give receiver "unrouted" a destination');
  });
});

describe('convert-sensu: the output', () => {
  it('holds no secret', async () => {
    const { stdout, stderr } = await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d']);

    expect(stdout + stderr).not.toMatch(/hunter2|t0psecret|hooks\.slack\.com/);
    expect(stdout).toContain(
      "#   /etc/alertmanager/mailer-smtp-password: Sensu's setting mailer.smtp_password\n",
    );
    expect(stdout).toContain(
      "#   /etc/alertmanager/slack_ops-webhook-url: Sensu's setting slack_ops.webhook_url\n",
    );
  });

  it('names the files of secrets by absolute paths, as Alertmanager takes others from its working directory', async () => {
    const { stdout } = await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d']);

    const paths = [...stdout.matchAll(/_file: (.+)/g)].map(([, path]) => path);
    expect(new Set(paths)).toEqual(
      new Set(['/etc/alertmanager/mailer-smtp-password', '/etc/alertmanager/slack_ops-webhook-url']),
    );
  });

  it('goes to stdout, each file under its name, when no folder is given', async () => {
    const { stdout } = await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d']);

    expect(stdout).toMatch(/^# sensu-rules\.yml\n[^]*\n# sensu-alertmanager\.yml\n/);
    for (const part of stdout.split('# sensu-alertmanager.yml')) {
      expect(parseAllDocuments(part)).toMatchObject([{ errors: [] }]);
    }
  });

  it('goes to a folder that is made, with the templates that the receivers name', async () => {
    const output = join(folder.path, 'made/here');
    const { stdout } = await callCommand([
      'convert-sensu',
      'test/fixtures/sensu/conf.d',
      '--output.dir',
      output,
    ]);

    const names = ['sensu-rules.yml', 'sensu-alertmanager.yml', 'templates/sensu.tmpl'];
    expect(stdout.split('\n')).toEqual([...names.map((name) => join(output, name)), '']);
    expect(readFileSync(join(output, 'templates/sensu.tmpl'))).toEqual(
      readFileSync('config/templates/sensu.tmpl'),
    );
  });

  it('is written in spite of a file that is broken, which is named', async () => {
    folder.write(
      'broken/conf.d/good.json',
      JSON.stringify({ checks: { disk: { command: 'true', standalone: true, interval: 60 } } }),
    );
    const bad = folder.write('broken/conf.d/bad.json', '{"checks":');

    const { stdout, stderr, exitCode } = await callCommand([
      'convert-sensu',
      join(folder.path, 'broken/conf.d'),
    ]);

    expect(stdout).toContain('check:problem{check="disk", problem="failed"}');
    expect(stderr).toContain(`${bad}: is not valid JSON`);
    expect(exitCode).toBe(0);
  });

  it('says in plain words that the folder does not exist, though config.json beside it is converted', async () => {
    folder.write('beside/config.json', JSON.stringify({ handlers: {} }));
    const missing = join(folder.path, 'beside/conf.d');
    const { stdout, stderr, exitCode } = await callCommand(['convert-sensu', missing]);

    expect(stderr).toContain(`\n  ${missing}: the folder does not exist\n`);
    expect(stderr).not.toContain('ENOENT');
    expect(stdout).toContain('# sensu-rules.yml\n');
    expect(exitCode).toBe(0);
  });

  it.each([
    [
      'a folder that does not exist',
      ['/no/such/folder'],
      '/no/such/folder: holds no Sensu configuration that can be read\n  /no/such/folder: the folder does not exist\n',
    ],
    [
      'a dump of silences that is none',
      ['test/fixtures/sensu/conf.d', '--silenced', 'package.json'],
      "package.json: is not an answer of Sensu's GET /silenced",
    ],
    [
      'an output folder that cannot be made',
      ['test/fixtures/sensu/conf.d', '--output.dir', 'package.json'],
      'package.json: cannot be written to',
    ],
  ])('is nothing but a sentence and exit code 1 for %s', async (_, args, sentence) => {
    const { stdout, stderr, exitCode } = await callCommand(['convert-sensu', ...args]);

    expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });
});

it('convert-sensu inhibits what the shipped configuration of Alertmanager inhibits', async () => {
  const output = join(folder.path, 'inhibits');
  await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d', '--output.dir', output]);
  const [converted, shipped] = [join(output, 'sensu-alertmanager.yml'), 'config/alertmanager.yml'].map(
    (file) => parse(readFileSync(file, 'utf8')) as { inhibit_rules: object[] },
  );

  expect(converted?.inhibit_rules).toEqual(shipped?.inhibit_rules);
});
