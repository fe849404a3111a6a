import { readFileSync } from 'node:fs';
import { afterAll, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { describeWith } from '../support/binaries.ts';
import { runTool } from '../support/run-tool.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// amtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

interface Rule {
  readonly alert?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

const { groups } = parse(readFileSync('config/rules/check-health.yml', 'utf8')) as {
  groups: { rules: Rule[] }[];
};

describeWith(['amtool'], 'the mail about a node as a whole', ({ amtool }) => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });

  async function render(name: string, alert: object): Promise<string> {
    const data = folder.write('alerts.json', JSON.stringify({ alerts: [alert] }));
    const { ok, output } = await runTool(amtool, [
      'template',
      'render',
      '--template.glob=config/templates/*.tmpl',
      `--template.text={{ template "${name}" . }}`,
      `--template.data=${data}`,
    ]);
    if (!ok) throw new Error(output);
    return output;
  }

  it.each([
    ['CheckAgentDown', 'CRITICAL'],
    ['CheckClockWrong', 'WARNING'],
    ['CheckConfigBroken', 'WARNING'],
    ['CheckResultsLost', 'WARNING'],
    ['CheckLinesTooLong', 'WARNING'],
  ])('of %s says %s while it fires, and OK at the end', async (alertname, firing) => {
    const rule = groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === alertname);
    if (rule === undefined) throw new Error(`no rule ${alertname}`);
    const labels = { ...rule.labels, alertname, client: 'n17' };

    for (const [status, event, text] of [
      ['firing', 'ALERT', firing],
      ['resolved', 'RESOLVED', 'OK'],
    ] as const) {
      const alert = { status, labels, annotations: rule.annotations };
      expect(await render('sensu.mail.subject', alert)).toBe(`${event} - n17/${alertname}: ${text}`);
      expect(await render('sensu.mail.text', alert)).toContain(`\nStatus:  ${text}\n`);
    }
  });
});
