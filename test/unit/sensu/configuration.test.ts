import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rename, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, type SensuConfiguration } from '../../../src/sensu/configuration.ts';
import { writeJson } from '../../../src/sensu/json.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

let directory: TempFolder;

beforeEach(() => {
  directory = createTempFolder();
  directory.write('conf.d/.keep', '');
});

afterEach(() => {
  directory.remove();
});

function load(env: Record<string, string> = {}, last?: SensuConfiguration): Promise<SensuConfiguration> {
  const directories = [join(directory.path, 'conf.d')];
  return loadConfiguration({ directories, env, ...(last && { lastFiles: last.files }) });
}

function attributes(configuration: SensuConfiguration, check: string): string {
  return writeJson(configuration.checks.get(check)?.attributes ?? null);
}

describe('loading a Sensu configuration', () => {
  it('merges config.json and every file below, objects key by key, arrays without repeats, the last scalar winning', async () => {
    const check =
      '{"command":"true","interval":60,"standalone":true,"handlers":["mailer"],"custom":{"a":1,"list":[1]}}';
    directory.write('config.json', `{"checks":{"disk":${check}}}`);
    directory.write('conf.d/a.json', '{"checks":{"disk":{"interval":30,"handlers":["slack","mailer"]}}}');
    directory.write('conf.d/deep/er/b.json', '{"checks":{"disk":{"custom":{"b":2.0,"list":[1.0,1,2]}}}}');

    const configuration = await load();

    expect(configuration.problems).toEqual([]);
    expect(attributes(configuration, 'disk')).toBe(
      '{"command":"true","interval":30,"standalone":true,"handlers":["mailer","slack"],"custom":{"a":1,"list":[1,1.0,2],"b":2.0}}',
    );
  });

  it('can do without config.json, and tells of one that cannot be read, whatever its path is called', async () => {
    directory.write('ENOENT/conf.d/a.json', '{"checks":{}}');
    const directories = [join(directory.path, 'ENOENT/conf.d')];
    expect((await loadConfiguration({ directories, env: {} })).problems).toEqual([]);

    const file = join(directory.path, 'ENOENT/config.json');
    await symlink('config.json', file);
    const { problems } = await loadConfiguration({ directories, env: {} });

    expect(problems).toEqual([{ file, reason: expect.stringContaining('cannot be read: ELOOP') }]);
  });

  it('follows links to directories, also one that leads in a circle', async () => {
    directory.write(
      'elsewhere/c.json',
      '{"checks":{"linked":{"command":"true","interval":1,"standalone":true}}}',
    );
    await symlink(join(directory.path, 'elsewhere'), join(directory.path, 'conf.d/link'));
    await symlink(join(directory.path, 'conf.d'), join(directory.path, 'elsewhere/back'));

    expect([...(await load()).checks.keys()]).toEqual(['linked']);
  });

  it('takes a byte order mark and an empty file', async () => {
    directory.write('conf.d/bom.json', '\uFEFF{"client":{"name":"bom"}}');
    directory.write('conf.d/empty.json', '');

    const configuration = await load();

    expect(configuration.problems).toEqual([]);
    expect(configuration.client).toMatchObject({ ok: true, client: { name: 'bom' } });
  });

  it.each([
    ['is cut off', '{"checks":', /is not valid JSON: line 1, column 11: expected a value/],
    ['is no object', '[]', /must hold a JSON object/],
    ['has checks of a wrong type', '{"checks":[]}', /"checks" must be an object/],
    ['has a client of a wrong type', '{"client":"x"}', /"client" must be an object/],
  ])('goes on without a file that %s', async (_, content, reason) => {
    directory.write(
      'conf.d/a-good.json',
      '{"checks":{"good":{"command":"true","interval":1,"standalone":true}}}',
    );
    const file = directory.write('conf.d/b-broken.json', content);

    const configuration = await load();

    expect([...configuration.checks.keys()]).toEqual(['good']);
    expect(configuration.problems).toEqual([{ file, reason: expect.stringMatching(reason) }]);
  });

  it('names a link that leads nowhere and a directory that is not there', async () => {
    await symlink('/nowhere', join(directory.path, 'conf.d/lost.json'));
    const directories = [join(directory.path, 'conf.d'), join(directory.path, 'missing')];

    const { problems } = await loadConfiguration({ directories, env: {} });

    expect(problems.map(({ file }) => file)).toEqual([join(directories[0]!, 'lost.json'), directories[1]]);
  });

  it('does not read what is no file, such as a device that never ends', async () => {
    const file = join(directory.path, 'conf.d/endless.json');
    await symlink('/dev/zero', file);

    expect((await load()).problems).toEqual([{ file, reason: 'is not a regular file' }]);
  });

  it('counts a file that broke since the last load as it was then', async () => {
    const path = 'conf.d/a.json';
    directory.write(path, '{"checks":{"kept":{"command":"true","interval":1,"standalone":true}}}');
    const before = await load();
    directory.write(path, '{"checks":{"kept":');

    const after = await load({}, before);

    expect([...after.checks.keys()]).toEqual(['kept']);
    expect(after.problems).toHaveLength(1);
  });

  it.each([
    ['the whole directory that is gone', ['conf.d'], 'conf.d'],
    ['a linked directory whose target is gone', ['elsewhere'], 'conf.d/linked'],
  ])('keeps what it last knew below %s, and reports it', async (_, [moved = ''], reported) => {
    const check = '{"command":"true","interval":1,"standalone":true}';
    directory.write('conf.d/client.json', '{"client":{"name":"a-name"}}');
    directory.write('conf.d/deep/a.json', `{"checks":{"deep":${check}}}`);
    directory.write('elsewhere/er/b.json', `{"checks":{"linked":${check}}}`);
    directory.write('conf.d.old/other.json', `{"checks":{"other":${check}}}`);
    await symlink(join(directory.path, 'elsewhere'), join(directory.path, 'conf.d/linked'));
    const before = await load();
    await rename(join(directory.path, moved), join(directory.path, 'moved'));

    const after = await load({}, await load({}, before));

    expect([...after.checks.keys()]).toEqual(['deep', 'linked']);
    expect(after.client).toMatchObject({ ok: true, client: { name: 'a-name' } });
    expect(after.problems).toEqual([
      { file: join(directory.path, reported), reason: expect.stringMatching(/^cannot be read: .*ENOENT/) },
    ]);
  });

  it('forgets what was below a directory that was removed', async () => {
    directory.write(
      'conf.d/deep/a.json',
      '{"checks":{"deep":{"command":"true","interval":1,"standalone":true}}}',
    );
    const before = await load();
    await rm(join(directory.path, 'conf.d/deep'), { recursive: true });

    const after = await load({}, before);

    expect(after.checks.size).toBe(0);
    expect(after.problems).toEqual([]);
  });

  it('names every file that a broken definition was merged from', async () => {
    const a = directory.write('conf.d/a.json', '{"checks":{"x":{"command":"true","standalone":true}}}');
    const b = directory.write('conf.d/b.json', '{"checks":{"x":{"interval":"60"}}}');

    expect((await load()).problems).toEqual([
      { file: `${a}, ${b}`, check: 'x', reason: 'check interval must be an integer greater than 0' },
    ]);
  });
});

describe('the client', () => {
  it('has a name, an address and a subscription without any file', async () => {
    expect((await load()).client).toMatchObject({
      ok: true,
      client: {
        name: hostname(),
        subscriptions: [`client:${hostname()}`],
        socket: { port: 3030 },
        httpSocket: { port: 3031 },
      },
    });
  });

  it('takes name, address and subscriptions from the environment; files win over it, subscriptions add up', async () => {
    directory.write('conf.d/client.json', '{"client":{"address":"10.0.0.2","subscriptions":["web","db"]}}');
    const env = {
      SENSU_CLIENT_NAME: 'from-env',
      SENSU_CLIENT_ADDRESS: '10.0.0.1',
      SENSU_CLIENT_SUBSCRIPTIONS: 'db,all',
    };

    const { client } = await load(env);

    expect(client.ok && writeJson(client.client.attributes)).toBe(
      '{"name":"from-env","address":"10.0.0.2","subscriptions":["db","all","web","client:from-env"]}',
    );
  });

  it.each([
    ['{"name":"a b"}', 'client name cannot contain spaces or special characters'],
    ['{"subscriptions":"web"}', 'client subscriptions must be an array of strings'],
    ['{"socket":{"port":"3030"}}', 'client socket.port must be a port number'],
    ['{"http_socket":{"enabled":1}}', 'client http_socket.enabled must be boolean'],
  ])('is refused as %s', async (client, problem) => {
    directory.write('conf.d/client.json', `{"client":${client}}`);

    expect((await load()).client).toEqual({ ok: false, problems: [problem] });
  });

  it('can switch its sockets off and move them', async () => {
    const client =
      '{"socket":{"enabled":false},"http_socket":{"bind":"127.0.0.2","port":4031,"user":"u","password":"p"}}';
    directory.write('conf.d/client.json', `{"client":${client}}`);

    const loaded = (await load()).client;

    expect(loaded.ok && loaded.client.socket).toBeUndefined();
    expect(loaded.ok && loaded.client.httpSocket).toEqual({
      bind: '127.0.0.2',
      port: 4031,
      credentials: { user: 'u', password: 'p' },
      protectAllEndpoints: false,
    });
  });
});
