import { chmodSync, existsSync, readFileSync, utimesSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { proxyConfig } from '../../src/quickstart/settings.ts';
import { describeWith } from '../support/binaries.ts';
import { startMailReceiver, type Mail, type MailReceiver } from '../support/mail-receiver.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { startRealPrometheus } from '../support/real-prometheus.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import {
  mailBody,
  mailSubject,
  slackColor,
  slackText,
  slackTitle,
  type SensuEvent,
} from '../support/sensu-handlers.ts';
import { alertmanagerConfig, prometheusConfig, ruleConfig } from '../support/shipped-configs.ts';
import { startSlackReceiver, type SlackReceiver } from '../support/slack-receiver.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

jest.setTimeout(60_000);

// Debian's package monitoring-plugins-basic.
const PLUGIN = '/usr/lib/nagios/plugins/check_file_age';
const itWithPlugins = existsSync(PLUGIN) || process.env['CI'] === 'true' ? it : it.skip;

const CLIENT = {
  name: 'web-001.example.com',
  address: '10.0.2.100',
  subscriptions: ['production', 'webserver'],
  // Attributes of a site's own, which definitions use.
  environment: 'staging',
  disk: { warning: 81 },
  socket: { enabled: false },
  http_socket: { enabled: false },
};

const HUNG = 'check_hung';
const JAPANESE = 'check_japanese';
const FILE = 'check_file_age';
const DISK = 'check_disk';

/** ディスク障害, as scripts of the last century print it. */
const EUC_JP_OUTPUT = 'CheckDisk CRITICAL: \\245\\307\\245\\243\\245\\271\\245\\257\\276\\343\\263\\262\\n';

/** A result as the runner's log has it. */
interface LoggedCheck {
  readonly name: string;
  readonly command: string;
  readonly status: number;
  readonly output: string;
  readonly issued: number;
  readonly notification?: string;
  readonly playbook?: string;
}

describeWith(['prometheus', 'alertmanager'], 'the whole system', (binaries) => {
  const folder = createTempFolder();
  const cleanups: (() => Promise<unknown>)[] = [];
  const watched = folder.write('backup.tar', 'x');
  const diskState = folder.write('disk-state', '0');
  const logFile = `${folder.path}/sensu-client.log`;
  let runner: RunningCommand;
  let agent: RunningCommand;
  let mails: MailReceiver;
  let slack: SlackReceiver;
  let alertmanager: RealAlertmanager;

  beforeAll(async () => {
    writeNode();
    runner = runCommand(['runner', '--config.dir', `${folder.path}/conf.d`, '--log.file', logFile]);
    cleanups.push(runner.stop);
    agent = runCommand([
      'agent',
      ...['--log.file', logFile, '--config.dir', `${folder.path}/conf.d`],
      ...['--output.charset', 'utf-8,euc-jp', '--web.listen-address', '127.0.0.1:0'],
    ]);
    cleanups.push(agent.stop);
    const [, agentAddress = ''] = await agent.printed(/url=http:\/\/(\S+)/);
    await agent.printed(/msg=ready/);
    [mails, slack] = await Promise.all([startMailReceiver(), startSlackReceiver()]);
    cleanups.push(mails.close, slack.close);
    alertmanager = await startRealAlertmanager({
      binary: binaries.alertmanager,
      config: alertmanagerConfig(mails.address, slack.url),
    });
    cleanups.push(alertmanager.stop);
    const target = { client: CLIENT.name, address: agentAddress };
    const config = folder.write(
      'proxy.yml',
      stringify(patient(await proxyConfig(new URL(alertmanager.url).host, target))),
    );
    const proxy = runCommand(['serve', '--config.file', config, '--web.listen-address', '127.0.0.1:0']);
    cleanups.push(proxy.stop);
    const [, proxyAddress = ''] = await proxy.printed(/msg="ready to take alerts" url=http:\/\/(\S+)/);
    const prometheus = await startRealPrometheus({
      binary: binaries.prometheus,
      config: prometheusConfig(proxyAddress, agentAddress, CLIENT.name),
      rules: ruleConfig(),
    });
    cleanups.push(prometheus.stop);
  });

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    folder.remove();
  });

  /** The definitions and scripts of a node that ran sensu-client. */
  function writeNode(): void {
    const script = folder.write(
      'check-disk.sh',
      `#!/bin/sh\nstate=$(cat ${diskState})\ncase $state in\n` +
        `0) echo "CheckDisk OK: $2 in $3";;\n` +
        `2) echo "CheckDisk CRITICAL: $2 in $3";;\n` +
        `*) printf 'CheckDisk WARNING: / %s%% "full" in %s\\n/var/log 61 GB\\n\\n' $2 $3;;\nesac\nexit $state\n`,
    );
    chmodSync(script, 0o755);
    const checks = {
      [HUNG]: { command: 'echo started; sleep 60', timeout: 1 },
      [JAPANESE]: { command: `printf '${EUC_JP_OUTPUT}'; exit 2`, notification: 'the disk of :::name:::' },
      [DISK]: {
        command: `${script} -psecret :::disk.warning|80::: :::environment:::`,
        playbook: 'https://wiki.example.com/:::environment:::/disk',
      },
      ...(existsSync(PLUGIN) && { [FILE]: { command: `${PLUGIN} -w 60 -c 600 -f ${watched}` } }),
    };
    const defined = Object.entries(checks).map(([name, check]) => [
      name,
      { standalone: true, interval: 1, handlers: ['mailer'], ...check },
    ]);
    folder.write('conf.d/client.json', JSON.stringify({ client: CLIENT }));
    folder.write('conf.d/checks.json', JSON.stringify({ checks: Object.fromEntries(defined) as object }));
  }

  /** All results of a check so far, oldest first. */
  function results(name: string): LoggedCheck[] {
    const decode = new TextDecoder(name === JAPANESE ? 'euc-jp' : 'utf-8');
    return (
      decode
        .decode(readFileSync(logFile))
        .split('\n')
        // The last one may be half written.
        .slice(0, -1)
        .filter((line) => line.includes('"payload"') && line.includes(`"name":"${name}"`))
        .map((line) => (JSON.parse(line) as { payload: { check: LoggedCheck } }).payload.check)
    );
  }

  /** What Sensu's server made of each result, up to and with those issued at that time. */
  function eventsOf(name: string, action: SensuEvent['action']): SensuEvent[] {
    let occurrences = 0;
    let last = 0;
    return results(name).map((check) => {
      if (check.status !== 0) occurrences = check.status === last ? occurrences + 1 : 1;
      last = check.status;
      return {
        // Every client of Sensu subscribes to itself.
        client: { ...CLIENT, subscriptions: [...CLIENT.subscriptions, `client:${CLIENT.name}`] },
        check: { ...check, issuedText: issuedText(check.issued) },
        occurrences,
        action,
      };
    });
  }

  /** The next mail about a check after those that were read already. */
  const read = new Set<Mail>();
  async function mailAbout(check: string): Promise<Mail> {
    const mail = await waitFor(
      `a mail about ${check}`,
      () => mails.mails.find((one) => !read.has(one) && one.headers.get('x-sensu-check-name') === check),
      { deadlineMs: 30_000, show: () => JSON.stringify([mails.mails, results(check).slice(-2)]) },
    );
    read.add(mail);
    return mail;
  }

  /** Expects the mail to be the one that Sensu sent for one of the results, and returns that event. */
  function expectSensuMail(mail: Mail, name: string, action: SensuEvent['action'] = 'create'): SensuEvent {
    const gui = /^Admin GUI: (.*)$/m.exec(mail.text)?.[1] ?? '';
    const events = eventsOf(name, action);
    const issued = mail.headers.get('x-sensu-timestamp');
    const occurrences = mail.headers.get('x-sensu-occurrences');
    // On a busy machine a run may be late, and the next one begin within the same second.
    const ofThatSecond = events.filter(({ check }) => check.issuedText === issued);
    const event = ofThatSecond.find((one) => String(one.occurrences) === occurrences) ?? ofThatSecond[0];
    if (event === undefined)
      throw new Error(`no result of ${name} at ${String(issued)}: ${JSON.stringify(mail)}`);

    expect(mail.subject).toBe(mailSubject(event));
    expect(mail.text).toBe(mailBody(event, gui));
    expect(Object.fromEntries(mail.headers)).toMatchObject({
      'x-sensu-host': CLIENT.name,
      'x-sensu-address': CLIENT.address,
      'x-sensu-occurrences': String(event.occurrences),
    });
    return event;
  }

  it('mails what Sensu mailed of a check that hangs', async () => {
    const { check } = expectSensuMail(await mailAbout(HUNG), HUNG);

    expect(check).toMatchObject({ status: 2, output: 'Execution timed out' });
  });

  it('mails output that is written in EUC-JP', async () => {
    const { check } = expectSensuMail(await mailAbout(JAPANESE), JAPANESE);

    expect(check.output).toBe('CheckDisk CRITICAL: ディスク障害\n');
  });

  it('mails a WARNING of a script of the site, with what the client says of itself', async () => {
    folder.write('disk-state', '1');

    const mail = await mailAbout(DISK);

    expectSensuMail(mail, DISK);
    expect(mail.text).toContain('CheckDisk WARNING: / 81% "full" in staging\n/var/log 61 GB\n');
    expect(mail.text).toContain('-p <password omitted>');
  });

  it('writes to Slack what Sensu wrote', async () => {
    const message = await waitFor(
      'a message about the disk',
      () => slack.messages.find(({ attachments }) => attachments[0]?.text.includes(`/${DISK}: `)),
      { deadlineMs: 30_000 },
    );

    const [event] = eventsOf(DISK, 'create').filter(({ check }) => check.status === 1);
    if (event === undefined) throw new Error('the disk was never full');
    expect(message.attachments).toMatchObject([
      { title: slackTitle(event), text: slackText(event), color: slackColor(event) },
    ]);
  });

  itWithPlugins(
    'mails WARNING, then CRITICAL, then RESOLVED with the OK output, of a Nagios plugin',
    async () => {
      for (const [age, subject, action] of [
        [100, 'ALERT - web-001.example.com/check_file_age: WARNING', 'create'],
        [1000, 'ALERT - web-001.example.com/check_file_age: CRITICAL', 'create'],
        [0, 'RESOLVED - web-001.example.com/check_file_age: OK', 'resolve'],
      ] as const) {
        const time = Date.now() / 1000 - age;
        utimesSync(watched, time, time);

        const mail = await mailAbout(FILE);

        expect(mail.subject).toBe(subject);
        expectSensuMail(mail, FILE, action);
      }
    },
  );

  it.each([
    ['CRITICAL, after WARNING,', '2', 'ALERT - web-001.example.com/check_disk: CRITICAL', 'create'],
    ['RESOLVED', '0', 'RESOLVED - web-001.example.com/check_disk: OK', 'resolve'],
  ] as const)('mails %s of the script of the site', async (_, state, subject, action) => {
    folder.write('disk-state', state);

    const mail = await mailAbout(DISK);

    expect(mail.subject).toBe(subject);
    expectSensuMail(mail, DISK, action);
  });

  it('says that a node is gone, and takes nothing back that fired there', async () => {
    agent.kill('SIGKILL');
    runner.kill('SIGKILL');

    const mail = await mailAbout('CheckAgentDown');

    expect(mail.subject).toBe('ALERT - web-001.example.com/CheckAgentDown: CRITICAL');
    const alerts = await alertmanager.alerts();
    expect(alerts.map(({ labels }) => labels['check'])).toEqual(expect.arrayContaining([HUNG, JAPANESE]));
    const resolved = mails.mails.filter(({ subject }) => subject.startsWith('RESOLVED'));
    expect(resolved.map(({ headers }) => headers.get('x-sensu-check-name'))).not.toContain(HUNG);
  });
});

/** The first mail about a state is looked at: a busy machine must not cost its output. */
function patient({ sources, ...config }: Awaited<ReturnType<typeof proxyConfig>>): object {
  const patience = { timeout: '1500ms', connect_timeout: '1s' };
  return { ...config, sources: (sources as readonly object[]).map((source) => ({ ...source, ...patience })) };
}

/** As Ruby prints a Time, in the time zone of this machine. */
function issuedText(seconds: number): string {
  const offset = -new Date(seconds * 1000).getTimezoneOffset();
  const local = new Date((seconds + offset * 60) * 1000).toISOString();
  const zone = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset < 0 ? '-' : '+'}${zone.join('')}`;
}
