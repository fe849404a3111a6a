import { appendFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resultLine } from '../../support/result-line.ts';
import { runAgent, type RunningAgentCommand } from '../../support/run-agent.ts';
import { sample, scrape } from '../../support/scrape.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/sensu-client.sample.log', import.meta.url));

const WITHOUT_SOCKETS = { socket: { enabled: false }, http_socket: { enabled: false } };

describe('alertmanager-proxy agent', () => {
  let folder: TempFolder;
  let agent: RunningAgentCommand | undefined;

  beforeEach(() => {
    folder = createTempFolder();
  });
  afterEach(async () => {
    await agent?.stop();
    folder.remove();
  });

  async function start(...flags: string[]): Promise<string> {
    agent = runAgent(...flags);
    return agent.ready();
  }

  const document = async (url: string, check: string): Promise<Record<string, unknown>> =>
    (await (await fetch(`${url}/checks/${check}`)).json()) as Record<string, unknown>;

  it("shows every check of a real sensu-client's log", async () => {
    const url = await start('--log.file', FIXTURE, '--output.charset', 'utf-8,euc-jp');

    const { client, checks } = (await (await fetch(`${url}/checks`)).json()) as {
      client: string;
      checks: object[];
    };
    const text = await scrape(url);

    expect(client).toBe('web-001.example.co.jp');
    expect(checks).toHaveLength(16);
    expect(sample(text, 'check_agent_log_lines_total', { result: 'ok' })).toBe(16);
    expect(sample(text, 'check_agent_log_lines_total', { result: 'ignored' })).toBe(1);
    expect(sample(text, 'check_status', { check: 'switch-ping', source: 'sw-dc1-01' })).toBe(0);
    expect(sample(text, 'check_exit_code', { check: 'check_kill' })).toBe(11);
    expect(await document(url, 'check_eucjp')).toMatchObject({
      check: { output: 'CRITICAL: ディスク障害 sda\n' },
    });
  });

  it('follows several logs', async () => {
    const [one, two] = ['one.log', 'two.log'].map((name) => join(folder.path, name)) as [string, string];
    const url = await start('--log.file', one, '--log.file', two);

    appendFileSync(one, `${resultLine({ name: 'a' })}\n`);
    appendFileSync(two, `${resultLine({ name: 'b' })}\n`);

    await waitFor('both checks', async () => {
      const text = await scrape(url);
      return text.includes('check_status{check="a"}') && text.includes('check_status{check="b"}');
    });
  });

  it('reads the Sensu configuration, hides its secrets, and reads it again on SIGHUP', async () => {
    const client = {
      name: 'web-001',
      address: '10.0.0.1',
      subscriptions: ['web'],
      db: { password: 'hunter2' },
    };
    const later = { command: 'later', interval: 300, standalone: true };
    folder.write('conf.d/client.json', JSON.stringify({ client }));
    folder.write(
      'conf.d/checks.json',
      JSON.stringify({ checks: { later, other: { ...later, standalone: false, subscribers: ['db'] } } }),
    );
    const log = folder.write('sensu-client.log', `${resultLine()}\n`);
    const url = await start(
      '--log.file',
      log,
      '--config.dir',
      join(folder.path, 'conf.d'),
      '--metrics.definitions',
    );

    expect(await document(url, 'check_disk')).toMatchObject({
      client_attributes: {
        address: '10.0.0.1',
        subscriptions: ['web', 'client:web-001'],
        db: { password: 'REDACTED' },
      },
    });
    expect(await document(url, 'later')).toMatchObject({ check: later, last_result: null });
    const text = await scrape(url);
    expect(text).toContain('check_interval_seconds{check="later"} 300');
    expect(text).not.toContain('check_status{check="later"}');
    expect(text).not.toContain('check="other"');
    expect(text).not.toContain('check_agent_runner');
    expect(sample(text, 'check_agent_config_last_reload_successful')).toBe(1);

    folder.write('conf.d/checks.json', JSON.stringify({ checks: { newer: later } }));
    folder.write('conf.d/broken.json', '{');
    agent?.hangUp();

    await waitFor('the new configuration', async () =>
      (await scrape(url)).includes('check_info{check="newer"}'),
    );
    expect(sample(await scrape(url), 'check_agent_config_last_reload_successful')).toBe(0);
    expect(agent?.printed()).toContain('broken.json');
    expect(agent?.printed()).not.toContain('hunter2');
  });

  it('runs the checks too, with --with-runner, and shows their results', async () => {
    const client = { name: 'web-001', address: '10.0.0.1', subscriptions: [], ...WITHOUT_SOCKETS };
    const check = { command: 'echo uh-oh; exit 2', interval: 1, standalone: true };
    folder.write('conf.d/all.json', JSON.stringify({ client, checks: { check_it: check } }));
    const logFile = join(folder.path, 'results.log');
    const url = await start(
      '--log.file',
      logFile,
      '--config.dir',
      join(folder.path, 'conf.d'),
      '--with-runner',
    );

    await waitFor('a result', async () => (await scrape(url)).includes('check_status{check="check_it"} 2'));

    expect(await document(url, 'check_it')).toMatchObject({
      client: 'web-001',
      client_attributes: { address: '10.0.0.1' },
      check: { ...check, output: 'uh-oh\n', status: 2 },
    });
  });

  it('counts the results of its runner that the log does not take', async () => {
    const client = { name: 'web-001', address: '10.0.0.1', subscriptions: [], ...WITHOUT_SOCKETS };
    const check = { command: 'echo lost', interval: 1, standalone: true };
    folder.write('conf.d/all.json', JSON.stringify({ client, checks: { check_it: check } }));
    const configuration = join(folder.path, 'conf.d');
    const url = await start('--log.file', '/dev/full', '--config.dir', configuration, '--with-runner');

    await waitFor('a lost line', async () => {
      const lost = sample(await scrape(url), 'check_agent_runner_lost_lines_total');
      return lost !== undefined && lost > 0;
    });

    expect(agent?.printed()).toMatch(
      /level=ERROR msg="cannot write to the log, .* log=\/dev\/full err="ENOSPC/,
    );
    expect(sample(await scrape(url), 'check_agent_runner_refused_pushes_total')).toBe(0);
  });

  it('forgets a check of its runner whose definition is gone, though it was running, and nothing when it cannot read one', async () => {
    const client = { name: 'web-001', ...WITHOUT_SOCKETS };
    const check = { command: 'exit 2', interval: 1, standalone: true };
    const slow = { command: 'sleep 1.5; exit 2', interval: 1, standalone: true };
    const write = (checks: object): string =>
      folder.write('conf.d/all.json', JSON.stringify({ client, checks }));
    write({ kept: check, removed: check, slow });
    const conf = join(folder.path, 'conf.d');
    const logFile = join(folder.path, 'results.log');
    const url = await start('--log.file', logFile, '--config.dir', conf, '--with-runner');
    const statuses = async (): Promise<string[]> =>
      (await scrape(url)).match(/(?<=^check_status\{check=")\w+/gm) ?? [];
    await waitFor('the results', async () => (await statuses()).length === 3);

    write({ kept: check });
    const broken = folder.write('conf.d/broken.json', '{');
    agent?.hangUp();
    await waitFor(
      'the failure',
      async () => sample(await scrape(url), 'check_agent_config_last_reload_successful') === 0,
    );
    const afterFailure = await statuses();
    unlinkSync(broken);
    agent?.hangUp();
    await waitFor(
      'the reload',
      async () => sample(await scrape(url), 'check_agent_config_last_reload_successful') === 1,
    );
    const afterReload = await statuses();
    // Longer than the run that was under way, and the agent's next look at the log.
    await sleep(2_500);

    expect(afterFailure).toEqual(['kept', 'removed', 'slow']);
    expect(afterReload).toEqual(['kept']);
    expect(await statuses()).toEqual(['kept']);
    expect(agent?.printed()).toMatch(
      /msg="the check is no more, its last result is forgotten" check=removed/,
    );
  });

  it('cannot run checks into a log that it cannot read', async () => {
    agent = runAgent('--with-runner', '--log.file', '-', '--config.dir', folder.path);

    await agent.stop();

    expect(agent.printed()).toContain('--with-runner needs a file as --log.file');
    expect(agent.exitCode()).toBe(1);
  });

  it('stops when told to, with nothing left open', async () => {
    const url = await start('--log.file', FIXTURE);

    await agent?.stop();

    await expect(fetch(`${url}/-/healthy`)).rejects.toThrow();
    expect(agent?.printed()).toMatch(/msg=stopping\n(.|\n)*msg=stopped\n/);
    expect(agent?.exitCode()).toBe(0);
  });

  it.each([
    ['a charset that does not exist', ['--output.charset', 'utf-8,klingon'], '"klingon" is no charset'],
    [
      'a silence that is no duration',
      ['--checks.forget-after', '7 days'],
      'Expected a duration such as 12h or 7d',
    ],
    ['a flag that does not exist', ['--nope'], "unknown option '--nope'"],
  ])('refuses %s', async (_, flags, message) => {
    agent = runAgent(...flags);

    await agent.stop();

    expect(agent.printed()).toContain(message);
  });

  it('says why it cannot listen, and ends', async () => {
    agent = runAgent('--web.listen-address', 'nonsense', '--log.file', FIXTURE);

    await agent.stop();

    expect(agent.printed()).toContain('listen address \\"nonsense\\" is not of the form');
    expect(agent.exitCode()).toBe(1);
  });
});
