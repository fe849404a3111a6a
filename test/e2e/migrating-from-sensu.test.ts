import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { commandsOf } from '../support/markdown.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { createTempFolder } from '../support/temp-folder.ts';

jest.setTimeout(60_000);

const guide = readFileSync('docs/migrating-from-sensu.md', 'utf8');
const commands = commandsOf(guide);

// Commands of the guide that are not run here, and why.
const notRun: Readonly<Record<string, string>> = {
  'alertmanager-proxy agent --log.file /var/log/sensu/sensu-client.log --config.dir /etc/sensu/conf.d':
    'runs until it is stopped; it has tests of its own',
  'curl -s http://localhost:9470/checks': 'asks that agent',
  'alertmanager-proxy runner --config.dir /etc/sensu/conf.d --log.file /var/log/sensu/sensu-client.log':
    'runs until it is stopped; it has tests of its own',
  'curl -s http://sensu-api:4567/silenced > silenced.json':
    'asks a Sensu server; its answer is written by the test',
};
const run = commands.filter((command) => !(command in notRun));

describeWith(
  ['promtool', 'amtool', 'alertmanager'],
  'docs/migrating-from-sensu.md',
  ({ alertmanager: binary }) => {
    const folder = createTempFolder();
    let alertmanager: RealAlertmanager;
    beforeAll(async () => {
      alertmanager = await startRealAlertmanager({
        binary,
        config: { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] },
      });
      const program = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/main.js')}' "$@"\n`;
      chmodSync(folder.write('bin/alertmanager-proxy', program), 0o755);
      folder.write('silenced.json', '[{"id": "*:check_disk", "check": "check_disk", "expire": 60}]');
    });
    afterAll(async () => {
      await alertmanager.stop();
      folder.remove();
    });

    it('has commands, and every one that is not run is still in it', () => {
      expect(run.length).toBeGreaterThan(4);
      expect(commands).toEqual(expect.arrayContaining(Object.keys(notRun)));
    });

    describe('its commands, in their order', () => {
      it.each(run)('%s', async (command) => {
        const here = command
          .replaceAll('/etc/sensu/conf.d', resolve('test/fixtures/sensu/conf.d'))
          .replaceAll('http://localhost:9093', alertmanager.url);
        const PATH = `${folder.path}/bin${delimiter}${process.env['PATH'] ?? ''}`;

        // Rejects with what the command printed unless it ends well.
        await promisify(execFile)('sh', ['-c', here], {
          cwd: folder.path,
          env: { ...process.env, PATH, NODE_OPTIONS: '' },
        });
      });
    });

    it('leaves the silences in Alertmanager', async () => {
      const response = await fetch(`${alertmanager.url}/api/v2/silences`);

      expect(await response.json()).toMatchObject([{ matchers: [{ name: 'check', value: 'check_disk' }] }]);
    });
  },
);
