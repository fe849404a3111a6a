import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationText, startRunner, type RunnerUnderTest } from '../../support/node-runner.ts';
import { waitFor } from '../../support/wait-for.ts';

let node: RunnerUnderTest;

beforeEach(async () => {
  node = await startRunner({ checks: { first: { command: 'echo first' } } });
});

afterEach(async () => {
  await node.stop();
});

function configure(checks: Record<string, object>): void {
  node.directory.write('conf.d/checks.json', configurationText({ checks }));
}

async function resultsOf(check: string): Promise<number> {
  return (await node.lines()).filter(({ payload }) => payload?.check.name === check).length;
}

describe('reload', () => {
  it('adds, changes and removes checks', async () => {
    await node.result('first');
    configure({ first: { command: 'echo changed' }, second: { command: 'echo second' } });
    await node.reload();

    await node.result('second');
    await waitFor('the changed check', async () =>
      (await node.lines()).some(({ payload }) => payload?.check.output === 'changed\n'),
    );
    configure({ second: { command: 'echo second' } });
    await node.reload();
    const before = await resultsOf('second');
    const firsts = await resultsOf('first');
    await waitFor('two more runs of "second"', async () => (await resultsOf('second')) >= before + 2);

    expect(await resultsOf('first')).toBeLessThanOrEqual(firsts + 1);
  });

  it('leaves the times of unchanged checks alone, however often it is called', async () => {
    const reloads = setInterval(() => void node.reload(), 100);
    await waitFor('three runs', async () => (await resultsOf('first')) >= 3);
    clearInterval(reloads);

    const times = (await node.lines()).map(({ timestamp }) => Date.parse(timestamp));
    expect(times[2]! - times[0]!).toBeGreaterThan(1_000);
    expect(times[2]! - times[0]!).toBeLessThan(3_500);
  });

  it('keeps what is broken now as it was, and says what is wrong with it', async () => {
    node.directory.write(
      'conf.d/other.json',
      configurationText({ checks: { other: { command: 'echo other' } } }),
    );
    await node.reload();
    configure({ first: { command: 5 } });
    const broken = node.directory.write('conf.d/other.json', '{"checks":');
    await node.reload();
    const [first, other] = [await resultsOf('first'), await resultsOf('other')];

    await waitFor(
      'both checks to go on',
      async () => (await resultsOf('first')) >= first + 2 && (await resultsOf('other')) >= other + 2,
    );

    expect(node.messages()).toContain('check=first reason="check command must be a string"');
    expect(node.messages()).toContain(
      `file=${broken} reason="is not valid JSON: line 1, column 11: expected a value"`,
    );
    expect(node.runner.definitions).toEqual({ scheduled: 2, idle: 0, broken: 2 });
  });

  it('goes on with all checks when the directory of the configuration is not there', async () => {
    await node.result('first');
    const conf = join(node.directory.path, 'conf.d');
    await rename(conf, `${conf}.moved`);
    await node.reload();
    const before = await resultsOf('first');
    await waitFor('one more run', async () => (await resultsOf('first')) > before);

    expect((await node.lines()).every(({ payload }) => payload?.client === 'test-node')).toBe(true);
    expect(node.messages()).toMatch(new RegExp(`file=${conf} reason="cannot be read: .*ENOENT`));
    expect(node.runner.definitions).toEqual({ scheduled: 1, idle: 0, broken: 1 });
  });

  it('goes on with the last client when the new one is unusable', async () => {
    node.directory.write('conf.d/z-client.json', '{"client":{"name":"no good"}}');
    await node.reload();
    const before = await resultsOf('first');
    await waitFor('one more run', async () => (await resultsOf('first')) > before);

    expect((await node.lines()).every(({ payload }) => payload?.client === 'test-node')).toBe(true);
    expect(node.messages()).toContain('client name cannot contain spaces or special characters');
  });
});

describe('reopening the log', () => {
  it('goes on in a new file after the old one was moved, and loses nothing', async () => {
    const runs = node.directory.write('runs', '');
    configure({ counted: { command: `echo run >> ${runs}` } });
    await node.reload();
    await node.result('counted');
    const moved = `${node.logFile}.1`;
    await rename(node.logFile, moved);

    node.runner.reopenLog();

    await node.result('counted');
    await node.runner.stop();
    const logged = (await readFile(moved, 'utf8')) + (await readFile(node.logFile, 'utf8'));
    expect(logged.split('"name":"counted"')).toHaveLength((await readFile(runs, 'utf8')).split('\n').length);
    expect(node.runner.counters.linesLost).toBe(0);
  });
});
