import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { describeWith } from '../support/binaries.ts';
import { startRealAlertmanager, type GettableAlert } from '../support/real-alertmanager.ts';
import { runTool } from '../support/run-tool.ts';
import { waitFor } from '../support/wait-for.ts';

// promtool and amtool are processes: a busy machine may take its time.
jest.setTimeout(60_000);

const ruleFiles = ['alertmanager-proxy', 'checks', 'parity/checks-parity', 'check-health'];

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
}

describeWith(['promtool'], 'the Prometheus files in config/', ({ promtool }) => {
  it.each(ruleFiles)('rules/%s.yml is valid', async (name) => {
    expect(await runTool(promtool, ['check', 'rules', `config/rules/${name}.yml`])).toMatchObject({
      ok: true,
    });
  });

  it.each(ruleFiles)('rules/%s.yml alerts as its unit tests say', async (name) => {
    expect(await runTool(promtool, ['test', 'rules', `test/rules/${basename(name)}.test.yml`])).toMatchObject(
      {
        ok: true,
      },
    );
  });

  it('rules/*.yml can be loaded all together, and no alert is there twice', async () => {
    const files = readdirSync('config/rules').filter((name) => name.endsWith('.yml'));
    const alerts = files.flatMap((name) => {
      const { groups } = parse(readFileSync(`config/rules/${name}`, 'utf8')) as RuleFile;
      return groups.flatMap(({ rules }) => [
        ...new Set(rules.map(({ alert }) => alert).filter((alert) => alert !== undefined)),
      ]);
    });
    const checked = await runTool(promtool, [
      'check',
      'rules',
      ...files.map((name) => `config/rules/${name}`),
    ]);

    expect(checked).toMatchObject({ ok: true });
    expect(alerts).toContain('CheckFailed');
    expect(alerts).toEqual([...new Set(alerts)]);
  });

  it('prometheus.yml is valid, and the rules that it names exist', async () => {
    const { ok, output } = await runTool(promtool, ['check', 'config', 'config/prometheus.yml']);

    expect(output).toContain('SUCCESS: 2 rule files found');
    expect(ok).toBe(true);
  });
});

describeWith(['amtool'], 'config/alertmanager.yml', ({ amtool }) => {
  it('is valid, and the templates that it names exist', async () => {
    const { ok, output } = await runTool(amtool, ['check-config', 'config/alertmanager.yml']);

    expect(output).toContain('2 templates');
    expect(ok).toBe(true);
  });

  it('names the files of secrets by absolute paths, as Alertmanager takes others from its working directory', () => {
    const paths = [...readFileSync('config/alertmanager.yml', 'utf8').matchAll(/_file: (.+)/g)];

    expect(paths).toHaveLength(3);
    for (const [, path] of paths) expect(path).toMatch(/^\//);
  });

  describe('its routes', () => {
    it.each([
      ['a check by default', ['client=web-001', 'check=check_disk', 'severity=critical'], 'mailer-and-slack'],
      [
        'a check with a handler of its own',
        ['client=db-001', 'check=backup_db', 'severity=warning'],
        'mailer',
      ],
      ['an agent that is down', ['client=web-001', 'alertname=CheckAgentDown'], 'mailer-and-slack'],
      ['a node of a rack', ['client=web-001', 'rack=r17', 'alertname=CheckAgentDown'], 'digest'],
      ['an alert on the proxy', ['instance=a:9095', 'alertname=AlertmanagerProxyDown'], 'digest'],
      ["the dead man's switch", ['alertname=AlertmanagerProxyDeadMansSwitch'], 'dead-mans-switch'],
    ])('send %s to its receiver', async (_, labels, receiver) => {
      const args = ['config', 'routes', 'test', '--config.file=config/alertmanager.yml', ...labels];

      expect((await runTool(amtool, args)).output.split('\n')).toContain(receiver);
    });
  });
});

describeWith(['alertmanager'], 'the inhibitions of config/alertmanager.yml', ({ alertmanager: binary }) => {
  const { inhibit_rules } = parse(readFileSync('config/alertmanager.yml', 'utf8')) as Record<string, unknown>;
  const config = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }], inhibit_rules };

  const node = { job: 'checks', instance: 'web-001:9470', client: 'web-001' };
  const other = { job: 'checks', instance: 'web-002:9470', client: 'web-002' };
  const down = { job: 'checks', instance: 'web-003:9470', client: 'web-003' };

  // The agent shows the results that its log does not take, so what is silent then is silent.
  it.each([
    ['let CheckAgentDown stand for the silence of its node, and of nothing else', 'CheckAgentDown', []],
    ['let CheckResultsLost stand for no silence', 'CheckResultsLost', ['a', 'b', 'c', 'd']],
  ])('%s', async (_, cause, silent) => {
    const alertmanager = await startRealAlertmanager({ binary, config });
    try {
      await post(alertmanager.url, [
        { alertname: cause, ...node },
        { alertname: 'CheckAgentDown', ...down },
        { alertname: 'CheckSilent', check: 'a', ...node },
        { alertname: 'CheckSilent', check: 'b', ...node, client: 'switch-1', source: 'switch-1' },
        { alertname: 'CheckNeverRan', check: 'c', ...node },
        { alertname: 'CheckNeverRanInADay', check: 'd', ...node },
        { alertname: 'CheckFailed', check: 'e', ...node },
        { alertname: 'CheckSilent', check: 'f', ...other },
        { alertname: 'CheckSilent', check: 'g', ...down },
      ]);

      // Alertmanager takes note of what inhibits behind its answer: g is out when it has.
      await waitFor('the inhibitions', async () => {
        const told = await alertsOf(`${alertmanager.url}/api/v2/alerts?inhibited=false`);
        expect(told.map(({ labels }) => labels['check'] ?? labels['alertname']).sort()).toEqual(
          [cause, 'CheckAgentDown', ...silent, 'e', 'f'].sort(),
        );
        return true;
      });
    } finally {
      await alertmanager.stop();
    }
  });
});

async function post(url: string, alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
  const { status } = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(alerts.map((labels) => ({ labels }))),
  });
  expect(status).toBe(200);
}

async function alertsOf(url: string): Promise<GettableAlert[]> {
  return (await (await fetch(url)).json()) as GettableAlert[];
}
