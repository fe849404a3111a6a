import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { callCommand } from '../support/call-command.ts';
import { runTool } from '../support/run-tool.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// amtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

const sensu = 'test/fixtures/sensu/conf.d';
const folder = createTempFolder();
const alertmanagerConfig = join(folder.path, 'sensu-alertmanager.yml');
beforeAll(async () => {
  await callCommand(['convert-sensu', sensu, '--output.dir', folder.path]);
});
afterAll(() => {
  folder.remove();
});

describeWith(['amtool'], 'the routes that convert-sensu writes', ({ amtool }) => {
  it('are valid', async () => {
    expect(await runTool(amtool, ['check-config', alertmanagerConfig])).toMatchObject({ ok: true });
  });

  it('are valid for a configuration without handlers and checks', async () => {
    folder.write('empty/conf.d/client.json', '{"client": {"name": "web-001"}}');
    const output = join(folder.path, 'empty');
    await callCommand(['convert-sensu', join(output, 'conf.d'), '--output.dir', output]);

    const file = join(output, 'sensu-alertmanager.yml');
    expect(await runTool(amtool, ['check-config', file])).toMatchObject({ ok: true });
  });

  it.each([
    ['a check to the members of its handler set', 'check=check_disk severity=critical', 'mailer,slack'],
    ['a check to all of its handlers', 'check=check_load severity=warning', 'mailer,pagerduty'],
    ['a check by its single handler', 'check=check.swap severity=unknown', 'slack'],
    [
      'no failure of a severity that the handler does not take',
      'check=check.swap alertname=CheckFailed severity=warning',
      'nobody',
    ],
    [
      'a failure of a severity that one of two handlers takes',
      'check=check_disk alertname=CheckFailed severity=warning',
      'mailer,nobody',
    ],
    [
      'that a check is silent to a handler that takes no warnings',
      'check=check.swap alertname=CheckSilent severity=warning',
      'slack',
    ],
    [
      'that a check never ran to all of its handlers, whatever they take',
      'check=check_disk alertname=CheckNeverRan severity=warning',
      'mailer,slack',
    ],
    ['a check without handlers to the default handler', 'check=check_ntp severity=warning', 'mailer'],
    ['a check with handle: false to nobody', 'check=check_quiet severity=critical', 'nobody'],
    ['a silent check where the failing one goes', 'check=backup_db alertname=CheckTtlPassed', 'mailer'],
    ['an agent that is down to the default handler', 'client=web-001 alertname=CheckAgentDown', 'mailer'],
    ['a check that no file defines to the default handler', 'check=pushed severity=critical', 'mailer'],
    ['a check whose handler is not defined to unrouted', 'check=check_far severity=critical', 'unrouted'],
  ])('send %s', async (_, labels, receivers) => {
    const args = ['config', 'routes', 'test', `--config.file=${alertmanagerConfig}`, ...labels.split(' ')];

    expect((await runTool(amtool, args)).output.split('\n')).toContain(receivers);
  });

  it.each([
    ['no failure that it does not take', 'check=pushed alertname=CheckFailed severity=warning', 'nobody'],
    ['failures that it takes', 'check=pushed alertname=CheckFailed severity=critical', 'default'],
    ['that a check is silent', 'check=disk alertname=CheckSilent severity=warning', 'default'],
    ['what is wrong with a node', 'alertname=CheckConfigBroken severity=warning', 'default'],
    ['that results are lost', 'alertname=CheckResultsLost severity=warning', 'default'],
    ['that a clock is wrong', 'alertname=CheckClockWrong severity=warning', 'default'],
  ])('tell a default handler for critical only %s', async (_, labels, receiver) => {
    const configuration = {
      checks: { disk: { command: 'true', standalone: true, interval: 60 } },
      handlers: { default: { type: 'udp', severities: ['critical'] } },
    };
    folder.write('critical/conf.d/a.json', JSON.stringify(configuration));
    const output = join(folder.path, 'critical');
    await callCommand(['convert-sensu', join(output, 'conf.d'), '--output.dir', output]);
    const file = join(output, 'sensu-alertmanager.yml');
    const args = ['config', 'routes', 'test', `--config.file=${file}`, ...labels.split(' ')];

    expect((await runTool(amtool, args)).output.split('\n')).toContain(receiver);
  });

  it('are valid for severities that are no severities, and match no more by them', async () => {
    const configuration = {
      checks: { disk: { command: 'true', standalone: true, interval: 60, handler: 'pager' } },
      handlers: { pager: { type: 'udp', severities: ['crit"ical', 'crit\\ical', '(critical', '.*'] } },
    };
    folder.write('quotes/conf.d/a.json', JSON.stringify(configuration));
    const output = join(folder.path, 'quotes');
    await callCommand(['convert-sensu', join(output, 'conf.d'), '--output.dir', output]);
    const file = join(output, 'sensu-alertmanager.yml');

    expect(await runTool(amtool, ['check-config', file])).toMatchObject({ ok: true });
    const labels = ['check=disk', 'alertname=CheckFailed', 'severity=critical'];
    const { output: receivers } = await runTool(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${file}`,
      ...labels,
    ]);
    expect(receivers.split('\n')).toContain('nobody');
  });

  it.each([
    ['refresh', /check="check_disk"[^{}]*\n[^{}]*repeat_interval: 1h/],
    ['subdue', /check="backup_db"[^{}]*\n[^{}]*mute_time_intervals:\n\s+- subdue-backup_db/],
  ])('carry the %s of a check', async (_, pattern) => {
    expect((await callCommand(['convert-sensu', sensu])).stdout).toMatch(pattern);
  });
});
