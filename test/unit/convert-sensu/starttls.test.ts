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

const NOT_VERIFIED =
  'mailer: the certificate of the relay is not verified, as in Sensu; remove tls_config if it can be';
const VERIFIED =
  'mailer: Alertmanager verifies the certificate of the relay, and sends nothing if it cannot, which Sensu did not';

it.each<readonly [string, object, { skips: boolean; sentence: string | undefined }]>([
  ['not of a relay that gets no password', relay, { skips: true, sentence: NOT_VERIFIED }],
  [
    'not of a relay by its address',
    { smtp_address: '192.0.2.25', smtp_port: '25' },
    { skips: true, sentence: NOT_VERIFIED },
  ],
  [
    'not of one that speaks TLS from the start',
    { ...relay, smtp_port: 465 },
    { skips: true, sentence: NOT_VERIFIED },
  ],
  ['of one that gets a password', { ...relay, smtp_username: 'sensu' }, { skips: false, sentence: VERIFIED }],
  [
    'of one on port 465 that gets a password',
    { ...relay, smtp_port: '465', smtp_username: 'sensu' },
    { skips: false, sentence: VERIFIED },
  ],
  [
    'of none where TLS is not spoken',
    { ...relay, smtp_enable_starttls_auto: 'false' },
    { skips: false, sentence: undefined },
  ],
  ['of none on the node itself', {}, { skips: false, sentence: undefined }],
])('convert-sensu has the certificate verified %s, and says so', async (_, settings, { skips, sentence }) => {
  const configuration = {
    checks: { disk: { command: 'true', standalone: true, interval: 60, handler: 'default' } },
    handlers: { default: { type: 'pipe', command: 'handler-mailer.rb' } },
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

  expect(alertmanager.includes('insecure_skip_verify: true')).toBe(skips);
  for (const text of [alertmanager, stderr]) {
    const found = [NOT_VERIFIED, VERIFIED].filter((known) => text.includes(known));
    expect(found).toEqual(sentence === undefined ? [] : [sentence]);
  }
});
