import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hash } from 'bcrypt';
import { resultLine } from '../../support/result-line.ts';
import { runAgent, type RunningAgentCommand } from '../../support/run-agent.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

describe('users in the --web.config.file of the agent', () => {
  let folder: TempFolder;
  let agent: RunningAgentCommand | undefined;

  beforeEach(() => {
    folder = createTempFolder();
  });
  afterEach(async () => {
    await agent?.stop();
    folder.remove();
  });

  it('are the only ones who see anything of the checks', async () => {
    const users = { prometheus: await hash('s3cret', 4) };
    const webConfig = folder.write('web.yml', JSON.stringify({ basic_auth_users: users }));
    const log = folder.write('sensu-client.log', `${resultLine()}\n`);
    agent = runAgent('--log.file', log, '--web.config.file', webConfig);
    const url = await agent.ready();
    const paths = [
      '/metrics',
      '/checks',
      '/checks?names=check_disk&output=1',
      '/checks/check_disk',
      '/checks/check_disk/output',
      '/results/web-001/check_disk',
      '/nope',
    ];
    const answers = async (credentials?: string): Promise<[status: number, told: boolean][]> =>
      Promise.all(
        paths.map(async (path) => {
          const basic = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
          const response = await fetch(url + path, credentials ? { headers: { authorization: basic } } : {});
          return [response.status, (await response.text()).includes('check_disk')];
        }),
      );

    expect(await answers()).toEqual(paths.map(() => [401, false]));
    expect(await answers('prometheus:wrong')).toEqual(paths.map(() => [401, false]));
    expect(await answers('nobody:s3cret')).toEqual(paths.map(() => [401, false]));
    expect((await answers('prometheus:s3cret')).map(([status]) => status)).toEqual([
      200, 200, 200, 200, 200, 200, 404,
    ]);
  });
});
