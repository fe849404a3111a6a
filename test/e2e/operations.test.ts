import { execFile } from 'node:child_process';
import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { describeWith } from '../support/binaries.ts';
import { problemOf } from '../support/documented-file.ts';
import { anchorsOf, codeBlocks, commandsOf } from '../support/markdown.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { PLATFORM_LOG } from '../../src/platform/log/messages.ts';
import { PROXY_LOG } from '../../src/proxy/activity/log-messages.ts';

// Each command is a process: a busy machine may take its time.
jest.setTimeout(60_000);

const guide = readFileSync('docs/operations.md', 'utf8');
const commands = commandsOf(guide);

const RELEASE = 'needs a cluster; the tests in helm/ render what it would install';
const IMAGE = 'needs Docker; deploy/dockerfile.test.ts carries the Dockerfile out';
const UNIT = 'needs systemd as the first process; deploy/systemd.test.ts verifies the units';
const PACKAGE = 'needs the package; deploy/packages.test.ts installs it, and runs init';
// Commands of the guide that are not run here, and why.
const notRun: Readonly<Record<string, string>> = {
  'helm install alertmanager-proxy ./helm/alertmanager-proxy --namespace monitoring --values values.yaml':
    RELEASE,
  'helm test alertmanager-proxy --namespace monitoring': RELEASE,
  'helm upgrade alertmanager-proxy ./helm/alertmanager-proxy --namespace monitoring --values values.yaml':
    RELEASE,
  'docker build --tag alertmanager-proxy .': IMAGE,
  'docker run --read-only --publish 9095:9095 --volume /etc/alertmanager-proxy:/etc/alertmanager-proxy:ro alertmanager-proxy':
    IMAGE,
  'npm ci && npm install --global "$(npm pack --silent | tail -n 1)"':
    'would replace what the tests are running; package.test.ts installs the package',
  'cp deploy/systemd/alertmanager-proxy.service /etc/systemd/system/': UNIT,
  'apt-get install ./alertmanager-proxy_0.1.0-1_amd64.deb': PACKAGE,
  'alertmanager-proxy init --alertmanager.url http://alertmanager-0:9093 --agent.cidr 10.0.0.0/8': PACKAGE,
  'systemctl daemon-reload': UNIT,
  'systemctl enable --now alertmanager-proxy': UNIT,
  'systemctl reload alertmanager-proxy': UNIT,
  'alertmanager-proxy serve --config.file=/etc/alertmanager-proxy/alertmanager-proxy.yml':
    'runs until it is stopped; it is what the other commands talk to',
};
const run = commands.filter((command) => !(command in notRun));

describeWith(['promtool', 'alertmanager'], 'docs/operations.md', ({ promtool, alertmanager: binary }) => {
  const folder = createTempFolder();
  let alertmanager: RealAlertmanager;
  let proxy: RunningCommand;
  let proxyUrl: string;

  beforeAll(async () => {
    alertmanager = await startRealAlertmanager({
      binary,
      config: { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] },
    });
    const config = folder.write('etc/alertmanager-proxy.yml', stringify(configFor(alertmanager)));
    const flags = ['--web.listen-address=127.0.0.1:0', '--web.enable-lifecycle'];
    proxy = runCommand(['serve', `--config.file=${config}`, ...flags]);
    [, proxyUrl = ''] = await proxy.printed(/msg="ready to take alerts" url=(\S+)/);
    const program = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/main.js')}' "$@"\n`;
    chmodSync(folder.write('bin/alertmanager-proxy', program), 0o755);
    cpSync('config/rules', `${folder.path}/prometheus/rules`, { recursive: true });
    chmodSync(folder.write('bin/promtool', `#!/bin/sh\nexec '${promtool}' "$@"\n`), 0o755);
  });
  afterAll(async () => {
    await proxy.stop();
    await alertmanager.stop();
    folder.remove();
  });

  it('has commands, and every one that is not run is still in it', () => {
    expect(run.length).toBeGreaterThan(8);
    expect(commands).toEqual(expect.arrayContaining(Object.keys(notRun)));
  });

  describe('its commands, in their order', () => {
    it.each(run)('%s', async (command) => {
      const here = command
        .replaceAll('/etc/alertmanager-proxy', `${folder.path}/etc`)
        .replaceAll('/etc/prometheus', `${folder.path}/prometheus`)
        .replaceAll('http://localhost:9095', proxyUrl)
        .replaceAll('http://localhost:9093', alertmanager.url)
        .replaceAll('alerts.json', `${folder.path}/alerts.json`);
      const PATH = `${folder.path}/bin${delimiter}${process.env['PATH'] ?? ''}`;

      // Rejects with what the command printed unless it ends well.
      await promisify(execFile)('sh', ['-c', here], { env: { ...process.env, PATH, NODE_OPTIONS: '' } });
    });
  });

  it('leaves an alert in Alertmanager that says why it has no output', async () => {
    const [alert] = await alertmanager.alerts();

    expect(alert?.annotations).toMatchObject({ check_fetch_error: 'blocked' });
  });

  it('leaves rules whose runbooks have an address', () => {
    const rules = readFileSync(`${folder.path}/prometheus/rules/checks.yml`, 'utf8');

    expect(rules).toMatch(/runbook_url: https:\/\/.*operations\.md#checkfailed/);
    expect(rules).not.toContain('runbook_url: docs/');
  });

  it.each(codeBlocks(guide, 'yaml'))('shows a file that is good: %#', async (content) => {
    expect(await problemOf(content, { folder, promtool })).toBeUndefined();
  });
});

describe('docs/operations.md', () => {
  const rules = parse(readFileSync('config/rules/alertmanager-proxy.yml', 'utf8')) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
      }[];
    }[];
  };
  const alerts = rules.groups.flatMap((group) => group.rules);

  it.each(alerts)(
    'has a section for the alert $alert, which leads there',
    ({ alert, labels, annotations }) => {
      // The dead man's switch fires always, and for nobody.
      const severities = alert === 'AlertmanagerProxyDeadMansSwitch' ? ['none'] : ['warning', 'critical'];
      expect(severities).toContain(labels['severity']);
      expect(Object.keys(annotations)).toEqual(['summary', 'description', 'resolved', 'runbook_url']);
      expect(annotations['runbook_url']).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      expect(anchorsOf(guide)).toContain(alert.toLowerCase());
    },
  );

  const lines = [...guide.matchAll(/^\| `([^`]+)` +\| (?:info|warn|error) +\|/gm)].map(
    ([, line = '']) => line,
  );

  it('explains each line of the log that needs it, and no other', () => {
    const logged: string[] = [...Object.values(PROXY_LOG), ...Object.values(PLATFORM_LOG)];

    expect(lines.toSorted()).toEqual(logged.toSorted());
  });

  it.each(['checks.yml', 'check-health.yml'])(
    'has a section for each alert of %s, which leads there',
    (file) => {
      const rules = readFileSync(`config/rules/${file}`, 'utf8');
      const names = [...new Set([...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name))];
      const anchors = [...rules.matchAll(/runbook_url: docs\/operations\.md#(\w+)/g)].map(
        ([, anchor]) => anchor,
      );

      expect(anchors).not.toHaveLength(0);
      // One section is about both alerts on checks that never ran.
      expect(anchors).toEqual(
        names.filter((name) => name !== 'CheckNeverRanInADay').map((name) => name.toLowerCase()),
      );
      expect(anchorsOf(guide)).toEqual(expect.arrayContaining(anchors));
    },
  );

  it('has sections only for alerts that there are', () => {
    const sections = [...guide.matchAll(/^### (AlertmanagerProxy\w+)$/gm)].map(([, name]) => name);

    expect(sections).toEqual(alerts.map(({ alert }) => alert));
  });
});

function configFor({ url }: RealAlertmanager): Record<string, unknown> {
  const example = codeBlocks(guide, 'yaml')[0] ?? '';
  const { sources } = parse(example) as { sources: [Record<string, unknown>] };
  return {
    alertmanagers: [{ static_configs: [{ targets: [new URL(url).host] }] }],
    // No packet of a test leaves the machine.
    sources: [{ ...sources[0], allow: { ports: [9470], cidrs: ['127.0.0.0/8'] } }],
  };
}
