import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

const TRAP =
  'mailer: Alertmanager refuses to send without STARTTLS; set require_tls: false if the relay has none';
const relay = { smtp_address: 'relay.example.com' };

it.each<readonly [string, object, { requireTls: boolean; told: boolean }]>([
  ['a relay that may have no STARTTLS', relay, { requireTls: true, told: true }],
  [
    'one that Sensu used STARTTLS with if it was offered',
    { ...relay, smtp_enable_starttls_auto: true },
    { requireTls: true, told: true },
  ],
  [
    'not of one that takes a password',
    { ...relay, smtp_username: 'sensu' },
    { requireTls: true, told: false },
  ],
  [
    'not of one that Sensu used no STARTTLS with',
    { ...relay, smtp_enable_starttls_auto: false },
    { requireTls: false, told: false },
  ],
  [
    'not of one that speaks TLS from the start',
    { ...relay, smtp_port: 465 },
    { requireTls: false, told: false },
  ],
  ['not of the node itself', {}, { requireTls: false, told: false }],
])(
  'convert-sensu tells that STARTTLS may be missing, where it may: %s',
  async (_, settings, { requireTls, told }) => {
    const configuration = {
      checks: { disk: { command: 'true', standalone: true, interval: 60, handlers: ['a', 'b'] } },
      handlers: {
        a: { type: 'pipe', command: 'handler-mailer.rb' },
        b: { type: 'pipe', command: 'handler-mailer.rb -s [b]' },
      },
      mailer: { mail_from: 'a@example.com', mail_to: 'b@example.com', ...settings },
    };
    folder.write('conf.d/a.json', JSON.stringify(configuration));
    const output = join(folder.path, 'out');
    const { stderr } = await callCommand([
      'convert-sensu',
      join(folder.path, 'conf.d'),
      '--output.dir',
      output,
    ]);
    const alertmanager = readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8');

    expect(alertmanager).toContain(`require_tls: ${requireTls}\n`);
    expect(alertmanager.split('\n').filter((line) => line === `# ${TRAP}`)).toHaveLength(told ? 1 : 0);
    expect(stderr.split('\n').filter((line) => line === `  ${TRAP}`)).toHaveLength(told ? 1 : 0);
  },
);
