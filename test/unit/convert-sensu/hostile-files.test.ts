import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { callCommand, type CommandResult } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

const check = { command: 'true', standalone: true, interval: 60 };
const directory = join(folder.path, 'conf.d');
const output = join(folder.path, 'out');

function convert(configuration: object, ...args: readonly string[]): Promise<CommandResult> {
  folder.write('conf.d/a.json', JSON.stringify(configuration));
  return callCommand(['convert-sensu', directory, '--output.dir', output, ...args]);
}

describe('convert-sensu, of files that mean harm', () => {
  it('visits a handler once, however many sets name it', async () => {
    const sets = Array.from({ length: 40 }, (_, i) => [
      `set-${i}`,
      { type: 'set', handlers: [`set-${i + 1}`, `set-${i + 1}`, 'set-0'] },
    ]);
    const handlers = Object.fromEntries([...sets, ['set-40', { type: 'udp' }]]) as object;
    await convert({ checks: { disk: { ...check, handler: 'set-0' } }, handlers });

    const { route } = parse(readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8')) as {
      route: { routes: object[] };
    };
    expect(route.routes).toEqual([{ receiver: 'set-40', matchers: ['check="disk"'], continue: true }]);
  });

  it.each(['handler-mailer.rb', 'handler-slack.rb'])(
    'takes no line of configuration out of the command of %s',
    async (program) => {
      const key = 'x\nroute: {receiver: evil}\n#';
      const { stderr } = await convert({
        checks: { disk: { ...check, handler: 'a' } },
        handlers: { a: { type: 'pipe', command: `${program} -j "${key}"` } },
        [key]: { mail_from: 'a@example.com', mail_to: 'b@example.com', smtp_username: 'c' },
      });

      expect(readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8')).not.toContain('evil');
      expect(stderr).toContain('handler "a": its settings have a name that is more than letters');
    },
  );

  it('prints nothing that a terminal obeys', async () => {
    const { stderr } = await convert({
      checks: { disk: { ...check, handler: '\u001b[2J\nnot defined\u009b31m' } },
    });

    expect(stderr).toContain('handler "[2Jnot defined31m" is not defined; alerts');
    // eslint-disable-next-line no-control-regex -- What is looked for.
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it.each([
    ['begin', { begin: 1e18 }],
    ['expire', { expire: 1e18 }],
  ])('leaves out a silence whose %s is no time, and no other', async (_, times) => {
    const silenced = folder.write(
      'silenced.json',
      JSON.stringify([
        { id: '*:absurd', check: 'absurd', ...times },
        { id: '*:disk', check: 'disk', expire: 60 },
      ]),
    );
    const { stderr, exitCode } = await convert({ checks: { disk: check } }, '--silenced', silenced);

    expect(exitCode).toBe(0);
    expect(stderr).toContain('silenced "*:absurd": its begin or expire is no time, or it is over');
    const script = readFileSync(join(output, 'sensu-silences.sh'), 'utf8');
    expect(script).toContain('check="disk"');
    expect(script).not.toContain('absurd');
  });
});
