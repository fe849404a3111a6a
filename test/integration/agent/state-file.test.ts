import { readFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createRememberingNode,
  FAILURES,
  NOW,
  type RememberingNode,
} from '../../support/remembering-agent.ts';
import { resultLine } from '../../support/result-line.ts';
import { sample, scrape } from '../../support/scrape.ts';
import { waitFor } from '../../support/wait-for.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

let node: RememberingNode;

beforeEach(() => {
  node = createRememberingNode();
});
afterEach(() => node.dispose());

describe('an agent that is started again', () => {
  it.each([
    ['with the same log', () => undefined],
    [
      'with a log that was rotated',
      () => {
        renameSync(node.logFile, `${node.logFile}.1`);
      },
    ],
    [
      'with a log that was truncated',
      () => {
        truncateSync(node.logFile);
      },
    ],
    [
      'without the log',
      () => {
        unlinkSync(node.logFile);
      },
    ],
    [
      'with a log that was rotated three times',
      () => {
        unlinkSync(node.logFile);
        node.write(resultLine({ name: 'other', executed: NOW - 10 }));
      },
    ],
    [
      'with a log that ends before what it knows',
      () => {
        writeFileSync(node.logFile, FAILURES.slice(0, 1).join('\n') + '\n');
      },
    ],
  ])('%s knows all that it told', async (_, happen) => {
    node.write(...FAILURES);
    const before = await node.startAgent();
    const told = await before.check('check_disk');
    await before.stop();
    happen();

    const after = await node.startAgent();

    expect(told).toMatchObject({
      check: { status: 2, occurrences: 2, history: [0, 2, 2], last_ok: NOW - 300 },
    });
    expect(await after.check('check_disk')).toEqual(told);
    expect(node.recorded.text()).not.toContain('state of before');
  });

  it('goes on in the log where it was, once for each line', async () => {
    node.write(...FAILURES);
    await (await node.startAgent()).stop();
    node.write(resultLine({ executed: NOW - 120, issued: NOW - 120, status: 2 }));

    const after = await node.startAgent();
    const text = await scrape(after.url);

    expect(sample(text, 'check_agent_log_lines_total', { result: 'ok' })).toBe(1);
    expect(sample(text, 'check_problem_occurrences')).toBe(3);
  });

  it.each([-DAY, -HOUR, -60, 60, HOUR, 365 * DAY])(
    'with a clock that was set by %d seconds takes what comes next, and tells nothing of before it',
    async (step) => {
      node.write(...FAILURES);
      await (await node.startAgent()).stop();
      const now = NOW + step;
      const after = await node.startAgent({ now });
      const atStart = sample(await scrape(after.url), 'check_status');
      const executed = step < 0 && step > -300 ? NOW - 60 : now;
      node.write(resultLine({ executed, issued: executed, status: 1, output: 'better\n' }));

      await waitFor('the result', async () => sample(await scrape(after.url), 'check_status') === 1);
      expect(atStart).toBe(2);
    },
  );

  it('tells at once of a check that was silent, and of no other', async () => {
    node.write(resultLine({ executed: NOW - 300 }), resultLine({ name: 'fresh', executed: NOW - 10 }));
    const before = await node.startAgent({ up: 200 });
    const silent = 'check_problem{check="check_disk",problem="silent",severity="warning"} 1';
    const told = await scrape(before.url);
    await before.stop();

    const after = await node.startAgent();
    const text = await scrape(after.url);

    expect(told).toContain(silent);
    expect(text).toContain(silent);
    expect(text.match(/^check_problem\{/gm)).toHaveLength(1);
  });

  it('without its state holds a check of which the log tells nothing as unknown', async () => {
    node.write(...FAILURES);
    await (await node.startAgent()).stop();
    unlinkSync(node.stateFile);
    unlinkSync(node.logFile);

    const text = await scrape((await node.startAgent()).url);

    expect(sample(text, 'check_unknown', { check: 'check_disk' })).toBe(1);
    expect(text).not.toMatch(/^check_problem\{/m);
  });

  it('keeps 10,000 checks, in a file that stays small', async () => {
    const output = 'x'.repeat(1000);
    for (let n = 0; n < 10_000; n += 1)
      node.write(resultLine({ name: `check_${n}`, executed: NOW - 60, status: 2, output }));
    await (await node.startAgent()).stop();
    unlinkSync(node.logFile);

    const text = await scrape((await node.startAgent()).url);

    expect(text.match(/^check_problem\{/gm)?.length).toBeGreaterThan(9_900);
    expect(readFileSync(node.stateFile).length).toBeLessThan(32 * 1024 ** 2);
  }, 60_000);
});
