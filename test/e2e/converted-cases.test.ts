import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { callCommand, type CommandResult } from '../support/call-command.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';
import { runTool } from '../support/run-tool.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// promtool and amtool are processes: a busy machine may take its time.
jest.setTimeout(60_000);

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

let made = 0;

/** Converts a folder, or a configuration, and returns where the files are. */
async function converted(sensu: string | object): Promise<{ output: string } & CommandResult> {
  made += 1;
  const output = join(folder.path, `out-${made}`);
  if (typeof sensu === 'object') folder.write(`in-${made}/conf.d/a.json`, JSON.stringify(sensu));
  const directory =
    typeof sensu === 'string'
      ? `test/fixtures/sensu/cases/${sensu}/conf.d`
      : join(folder.path, `in-${made}/conf.d`);
  return { output, ...(await callCommand(['convert-sensu', directory, '--output.dir', output])) };
}

const check = { command: 'true', standalone: true, interval: 60 };
const pipe = { type: 'pipe', command: 'x' };

describeWith(['amtool', 'promtool'], 'what convert-sensu writes of odd files', ({ amtool, promtool }) => {
  it.each<readonly [string, string | object]>([
    ['keepalive-handler', 'keepalive-handler'],
    ['name-in-definition', 'name-in-definition'],
    ['relay-certificate', 'relay-certificate'],
    ['numbers-as-strings', 'numbers-as-strings'],
    ['non-utf8-json', 'non-utf8-json'],
    ['subdue-times', 'subdue-times'],
    ['mailer-options', 'mailer-options'],
    ['refresh-never', 'refresh-never'],
    ['no-handlers', 'no-handlers'],
    ['repeated-sentences', 'repeated-sentences'],
    ['receiver-names', 'receiver-names'],
    [
      'a handler named unrouted',
      { checks: { c: { ...check, handler: 'unrouted' } }, handlers: { unrouted: pipe } },
    ],
    [
      'a handler that is named as another is renamed',
      {
        checks: { c: { ...check, handlers: ['nobody', 'sensu-nobody'] } },
        handlers: { nobody: pipe, 'sensu-nobody': pipe },
      },
    ],
    ['a handler without a name', { checks: { c: { ...check, handlers: [''] } }, handlers: { '': pipe } }],
    ['occurrences without end', { checks: { c: { ...check, occurrences: 99_999_999_999 } } }],
    [
      'a refresh of 300 years',
      { checks: { c: { ...check, handler: 'm', refresh: '9_999_999_999' } }, handlers: { m: pipe } },
    ],
  ])('is valid: %s', async (_, sensu) => {
    const { output, exitCode } = await converted(sensu);

    expect(exitCode).toBe(0);
    expect(await runTool(amtool, ['check-config', join(output, 'sensu-alertmanager.yml')])).toMatchObject({
      ok: true,
    });
    expect(await runTool(promtool, ['check', 'rules', join(output, 'sensu-rules.yml')])).toMatchObject({
      ok: true,
    });
  });

  const dead = 'alertname=CheckAgentDown severity=critical';
  const core = {
    checks: { c: { ...check, handler: 'chat' } },
    handlers: { chat: pipe, pager: pipe, default: pipe },
  };
  const client = { name: 'n1', address: '192.0.2.1', subscriptions: [] };
  it.each<readonly [string, string | object, string, string]>([
    ['the client', 'keepalive-handler', `${dead} client=node-1`, 'pager'],
    ['no handler of another client', 'keepalive-handler', `${dead} client=node-2`, 'unrouted'],
    [
      'the handler named keepalive',
      { ...core, handlers: { ...core.handlers, keepalive: pipe } },
      `${dead} client=n1`,
      'keepalive',
    ],
    [
      'sensu.keepalives',
      { ...core, sensu: { keepalives: { handler: 'pager' } } },
      `${dead} client=n1`,
      'pager',
    ],
    [
      'the client over sensu.keepalives, of which the lists are joined',
      {
        ...core,
        client: { ...client, keepalive: { handlers: ['chat'] } },
        sensu: { keepalives: { handlers: ['pager'] } },
      },
      `${dead} client=n1`,
      'pager,chat',
    ],
    [
      'and others by sensu.keepalives',
      {
        ...core,
        client: { ...client, keepalive: { handler: 'chat' } },
        sensu: { keepalives: { handler: 'pager' } },
      },
      `${dead} client=n2`,
      'pager',
    ],
    [
      'nobody of a client without keepalives',
      { ...core, client: { ...client, keepalives: false } },
      `${dead} client=n1`,
      'nobody',
    ],
    [
      'nobody where keepalives are not handled',
      { ...core, sensu: { keepalives: { handle: false } } },
      `${dead} client=n1`,
      'nobody',
    ],
    [
      'the members of a set',
      { ...core, handlers: { ...core.handlers, keepalive: { type: 'set', handlers: ['chat', 'pager'] } } },
      `${dead} client=n1`,
      'chat,pager',
    ],
    ['the default handler otherwise', core, `${dead} client=n1`, 'default'],
  ])(
    'tells of a node that is down as Sensu told of its keepalive: %s',
    async (_, sensu, labels, receivers) => {
      const { output } = await converted(sensu);

      expect(await receiversOf(amtool, output, labels)).toBe(receivers);
    },
  );

  it.each([
    [
      'a check by the name in its definition',
      'name-in-definition',
      'check=renamed severity=critical',
      'pager',
    ],
    ['a check without handlers to nobody', 'no-handlers', 'check=none severity=critical', 'nobody'],
    [
      'a check to the handler that has the name of ours',
      'receiver-names',
      'check=c severity=critical',
      'sensu-nobody',
    ],
    [
      'what is wrong with a node still to the default handler',
      'keepalive-handler',
      'alertname=CheckConfigBroken',
      'unrouted',
    ],
  ])('sends %s', async (_, sensu, labels, receivers) => {
    const { output } = await converted(sensu);

    expect(await receiversOf(amtool, output, labels)).toBe(receivers);
  });

  it('sends a check whose only handler is a set without members to nobody', async () => {
    const { output } = await converted({
      checks: { c: { ...check, handler: 'empty' } },
      handlers: { empty: { type: 'set', handlers: [] }, default: pipe },
    });

    expect(await receiversOf(amtool, output, 'check=c severity=critical')).toBe('nobody');
  });
});

async function receiversOf(amtool: string, output: string, labels: string): Promise<string | undefined> {
  const args = ['config', 'routes', 'test', `--config.file=${join(output, 'sensu-alertmanager.yml')}`];
  const { output: printed } = await runTool(amtool, [...args, ...labels.split(' ')]);
  return printed.split('\n').find((line) => /^[\w,-]+$/.test(line));
}

describeWith(['alertmanager', 'amtool'], 'silences that Uchiwa made', ({ alertmanager: binary }) => {
  let alertmanager: RealAlertmanager;
  beforeAll(async () => {
    alertmanager = await startRealAlertmanager({
      binary,
      config: { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] },
    });
  });
  afterAll(() => alertmanager.stop());

  const run = async (dump: string): Promise<void> => {
    const output = join(folder.path, 'silences');
    await callCommand([
      'convert-sensu',
      'test/fixtures/sensu/conf.d',
      '--output.dir',
      output,
      '--silenced',
      dump,
    ]);
    const env = { ...process.env, ALERTMANAGER_URL: alertmanager.url };
    await promisify(execFile)('sh', [join(output, 'sensu-silences.sh')], { env });
  };
  const silences = async (): Promise<string[]> => {
    const response = await fetch(`${alertmanager.url}/api/v2/silences`);
    const list = (await response.json()) as { matchers: { name: string; value: string }[] }[];
    return list.map(({ matchers }) =>
      matchers
        .map(({ name, value }) => `${name}=${value}`)
        .sort()
        .join(' '),
    );
  };

  it('are made without a reason and a creator too', async () => {
    await run('test/fixtures/sensu/cases/silence-empty-reason/silenced.json');

    expect(await silences()).toEqual(
      expect.arrayContaining(['check=check_a client=n1', 'check=check_b client=n1']),
    );
  });

  it('of a keepalive are of the alert that takes its place', async () => {
    await run('test/fixtures/sensu/cases/keepalive-handler/silenced.json');

    expect(await silences()).toContain('alertname=CheckAgentDown client=node-1');
  });

  it('that are refused cost no other, and the script fails', async () => {
    const dump = folder.write(
      'refused.json',
      JSON.stringify([
        { id: 'a', check: 'a', expire: 60, begin: Math.floor(Date.now() / 1000) + 3600 },
        { id: 'after', check: 'after', expire: 60 },
        { id: 'over', check: 'over', expire: 0 },
      ]),
    );

    await expect(run(dump)).rejects.toMatchObject({ code: 1 });
    expect(await silences()).toContain('check=after');
    expect(await silences()).not.toContain('check=over');
  });
});

describe('convert-sensu of resources of Sensu Go', () => {
  const spec = { command: 'true', interval: 10, handlers: [] };
  it.each<readonly [string, string | object]>([
    ['a check', 'sensu-go'],
    ['one of an early version', { type: 'CheckConfig', spec: { ...spec, name: 'a' } }],
    [
      'a handler',
      { type: 'Handler', api_version: 'core/v2', metadata: { name: 'a' }, spec: { type: 'pipe' } },
    ],
  ])('writes nothing, says what they are, and fails: %s', async (_, sensu) => {
    const { stdout, stderr, exitCode } = await converted(sensu);

    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toContain("holds resources of Sensu Go, and only Sensu Core's definitions are read");
  });
});

it('convert-sensu refuses what sensuctl dump writes, which is not one JSON text', async () => {
  const resource = '{"type": "CheckConfig", "api_version": "core/v2", "metadata": {}, "spec": {}}';
  folder.write('dump/conf.d/a.json', `${resource}\n${resource}\n`);
  const { stderr, exitCode } = await callCommand(['convert-sensu', join(folder.path, 'dump/conf.d')]);

  expect(stderr).toContain('holds resources of Sensu Go');
  expect(exitCode).toBe(1);
});

it('convert-sensu says that agents that are down reach nobody only if no keepalive says who is told', async () => {
  const core = { checks: { c: { ...check, handler: 'chat' } }, handlers: { chat: pipe } };
  const told = await converted({ ...core, sensu: { keepalives: { handler: 'chat' } } });

  expect((await converted(core)).stderr).toContain(
    'so alerts on agents that are down and on checks that no file defines',
  );
  expect(told.stderr).toContain('so alerts on checks that no file defines');
});

it('convert-sensu writes text that is UTF-8, whatever the file is, and names the file', async () => {
  const { output, stderr } = await converted('non-utf8-json');

  expect(readFileSync(join(output, 'sensu-alertmanager.yml'), 'utf8')).toContain('username: \ufffd');
  expect(stderr).toContain('non-utf8-json/conf.d/a.json: is not UTF-8');
});
