import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { describeWith } from '../support/binaries.ts';
import { callCommand } from '../support/call-command.ts';
import { runTool } from '../support/run-tool.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// amtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

interface Config {
  readonly receivers: readonly {
    readonly email_configs?: readonly { readonly headers: Readonly<Record<string, string>> }[];
  }[];
}

describeWith(['amtool'], 'the headers of a mail', ({ amtool }) => {
  const folder = createTempFolder();
  const converted = join(folder.path, 'sensu-alertmanager.yml');
  beforeAll(async () => {
    await callCommand(['convert-sensu', 'test/fixtures/sensu/conf.d', '--output.dir', folder.path]);
  });
  afterAll(() => {
    folder.remove();
  });

  const resolved = {
    status: 'resolved',
    labels: { client: 'web-001', check: 'disk', severity: 'critical' },
    annotations: {
      check_status_text: 'OK',
      check_issued: '2023-11-15 07:13:20 +0900',
      check_occurrences: '7',
      client_address: '10.0.2.100',
    },
  };
  const firing = {
    status: 'firing',
    labels: { client: 'web-002', check: 'load', severity: 'warning' },
    annotations: {
      check_status_text: 'WARNING',
      check_issued: '2023-11-15 07:14:20 +0900',
      check_occurrences: '3',
      client_address: '10.0.2.102',
    },
  };

  async function headers(file: string, alerts: readonly object[]): Promise<Record<string, string>> {
    const { receivers } = parse(readFileSync(file, 'utf8')) as Config;
    const [mail] = receivers.flatMap(({ email_configs: configs = [] }) => configs);
    const data = folder.write('alerts.json', JSON.stringify({ alerts }));
    const written: Record<string, string> = {};
    for (const [header, text] of Object.entries(mail?.headers ?? {})) {
      const { output } = await runTool(amtool, [
        'template',
        'render',
        '--template.glob=config/templates/*.tmpl',
        `--template.text=${text}`,
        `--template.data=${data}`,
      ]);
      written[header] = output;
    }
    return written;
  }

  it.each([
    ['config/alertmanager.yml', 'config/alertmanager.yml'],
    ['what convert-sensu writes', converted],
  ])('are about the alert that the subject is about: %s', async (_, file) => {
    const told = await headers(file, [resolved, firing]);

    expect(told['Subject']).toContain('ALERT - web-002/load: WARNING');
    expect(told).toMatchObject({
      'X-Sensu-Host': 'web-002',
      'X-Sensu-Timestamp': '2023-11-15 07:14:20 +0900',
      'X-Sensu-Address': '10.0.2.102',
      'X-Sensu-Check-Name': 'load',
      'X-Sensu-Status': 'WARNING',
      'X-Sensu-Occurrences': '3',
      'X-Sensu-Fetch-Error': '',
    });
    expect(await headers(file, [resolved])).toMatchObject({
      'X-Sensu-Host': 'web-001',
      'X-Sensu-Status': 'OK',
    });
  });

  it('say why the output could not be fetched', async () => {
    const unfetched = { ...firing, annotations: { ...firing.annotations, check_fetch_error: 'refused' } };

    expect(await headers('config/alertmanager.yml', [unfetched])).toMatchObject({
      'X-Sensu-Fetch-Error': 'refused',
    });
  });
});
