import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { startRunner } from '../../support/node-runner.ts';
import { waitFor } from '../../support/wait-for.ts';

// Local time of day, as a subdue has it.
function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

describe('a runner', () => {
  it('does not run a check over itself, and says so as sensu-client does', async () => {
    const node = await startRunner({ checks: { slow: { command: 'sleep 1.2', custom: 1.5 } } });

    const warning = await waitFor('a run that was left out', async () =>
      (await node.lines()).find(({ level }) => level === 'warn'),
    );
    await node.stop();

    expect(warning).toMatchObject({
      message: 'previous check command execution in progress',
      check: { command: 'sleep 1.2', custom: 1.5, name: 'slow' },
    });
    expect(Object.keys(warning.check ?? {}).slice(-2)).toEqual(['name', 'issued']);
    expect(node.runner.counters.runsSkipped).toBeGreaterThan(0);
  });

  it('tells once of each run during which others are left out: of which check, since when, and what to do', async () => {
    const checks = { slow: { command: 'sleep 3.5' }, quick: { command: 'true' } };
    const node = await startRunner({ checks });

    const told = (): string[] => node.messages().match(/level=WARN msg="check is still running.*/g) ?? [];
    await waitFor('two runs that were left out', () => node.runner.counters.runsSkipped >= 2);
    expect(told()).toHaveLength(1);
    await waitFor('a second run of which is told', () => told().length === 2);
    await node.stop();

    expect(node.runner.counters.runsSkipped).toBeGreaterThan(3);
    expect(told()[0]).toMatch(
      /its runs are left out: give it a timeout, or .*" check=slow since=20\S+Z seconds=[0-2]$/,
    );
    expect(told().join()).not.toContain('quick');
  });

  it('runs no more commands at a time than it may', async () => {
    const command = 'ls running | wc -l; touch running/$$; sleep 0.5; rm running/$$';
    const names = Array.from({ length: 9 }, (_, index) => `check_${index}`);
    const node = await startRunner({ spawnLimit: 3 });
    node.directory.write('running/.keep', '');
    const checks = names.map((name) => [
      name,
      { command: `cd ${node.directory.path}; ${command}`, standalone: true, interval: 1 },
    ]);
    node.directory.write(
      'conf.d/more.json',
      JSON.stringify({ checks: Object.fromEntries(checks) as object }),
    );
    await node.reload();

    const results = await Promise.all(names.map((name) => node.result(name)));
    await node.stop();

    expect(Math.max(...results.map(({ output }) => Number(output)))).toBeLessThanOrEqual(2);
    expect(results.every(({ status }) => status === 0)).toBe(true);
    expect(node.runner.counters.commandsQueued).toBeGreaterThan(0);
  });

  it('logs a result for its source, which may have a token, and for none where that comes out empty', async () => {
    const node = await startRunner({
      client: { site: 'tokyo' },
      checks: {
        elsewhere: { command: 'true', source: 'sw-:::site:::-01' },
        here: { command: 'true', source: ':::nothing|:::' },
      },
    });

    const [elsewhere, here] = await Promise.all([node.result('elsewhere'), node.result('here')]);
    await node.stop();

    expect(elsewhere).toMatchObject({ source: 'sw-tokyo-01' });
    expect(Object.keys(here)).not.toContain('source');
  });

  it('skips a subdued check and says so', async () => {
    const subdue = { days: { all: [{ begin: '00:00', end: '23:59:59' }] } };
    const node = await startRunner({ checks: { quiet: { command: 'echo never', subdue } } });

    const line = await waitFor('a line', async () => (await node.lines())[0]);
    const results = (await node.lines()).filter(({ payload }) => payload !== undefined);
    await node.stop();

    expect(line).toMatchObject({
      level: 'info',
      message: 'check execution was subdued',
      check: { name: 'quiet' },
    });
    expect(results).toEqual([]);
  });

  it('logs a skipped run with the definition alone, or with the time of the run before and the result of its hook', async () => {
    const hooks = { ok: { command: 'echo hooked' } };
    const window = (begin: number, end: number): object => ({
      days: { all: [{ begin: clock(begin), end: clock(end) }] },
    });
    const now = Date.now();
    const node = await startRunner({
      checks: {
        never_ran: { command: 'true', note: 'ü', subdue: window(now - 5_000, now + 600_000) },
        ran: { command: 'true', subdue: window(now + 5_000, now + 600_000), hooks },
      },
    });

    const subdued = (name: string): Promise<string> =>
      waitFor(`a skipped run of ${name}`, async () =>
        (await readFile(node.logFile, 'utf8'))
          .split('\n')
          .find((line) => line.includes('was subdued') && line.includes(`"name":"${name}"`)),
      );
    const neverRan = await subdued('never_ran');
    const ran = await subdued('ran');
    const last = (await node.lines()).findLast(({ payload }) => payload?.check.name === 'ran');
    await node.stop();

    expect(neverRan.slice(neverRan.indexOf('"level"'))).toMatch(
      /^"level":"info","message":"check execution was subdued","check":\{"standalone":true,"interval":1,"command":"true","note":"ü","subdue":\{.*\},"name":"never_ran"\}\}$/,
    );
    const hook = JSON.stringify(last?.payload?.check['hooks']);
    expect(ran.slice(ran.indexOf('"hooks"'))).toBe(
      `"hooks":${hook},"name":"ran","issued":${String(last?.payload?.check['issued'])}}}`,
    );
    expect(hook).toContain('"output":"hooked\\n"');
  });

  it('runs a check at all times whose subdue it cannot read, and says so; and one without a limit that has timeout 0 or less', async () => {
    const subdue = { days: { all: [{ begin: 'soon', end: '23:59' }] } };
    const node = await startRunner({
      checks: {
        unread: { command: 'true', subdue },
        zero: { command: 'sleep 0.1; echo done', timeout: 0 },
        negative: { command: 'sleep 0.1; echo done', timeout: -5 },
      },
    });

    const unread = await node.result('unread');
    const results = [await node.result('zero'), await node.result('negative')];
    await node.stop();

    expect(unread.status).toBe(0);
    expect(results.map(({ output }) => output)).toEqual(['done\n', 'done\n']);
    expect(node.messages()).toContain('subdue that cannot be read; the check runs at all times');
    expect(node.runner.definitions).toEqual({ scheduled: 3, idle: 0, broken: 0 });
  });

  it('runs what its client subscribes to, and nothing that is not published', async () => {
    const node = await startRunner({
      client: { subscriptions: ['web'] },
      checks: {
        mine: { command: 'true', standalone: false, subscribers: ['db', 'web'] },
        by_name: { command: 'true', standalone: false, subscribers: ['client:test-node'] },
        other: { command: 'true', standalone: false, subscribers: ['db'] },
        unpublished: { command: 'true', publish: false },
      },
    });

    const mine = await node.result('mine');
    await node.result('by_name');
    await node.stop();

    expect(mine).toMatchObject({ subscribers: ['db', 'web'], interval: 1 });
    expect(node.runner.definitions).toEqual({ scheduled: 2, idle: 2, broken: 0 });
    expect(node.messages()).toContain('reason="\\"publish\\" is false" checks=unpublished');
    expect(node.messages()).toContain('is a subscription of this client" checks=other');
  });
});
