import { describe, expect, it } from '@jest/globals';
import { NODE_BOUNDS, NodeChecks } from '../../../../src/agent/node-checks.ts';
import type { JsonRecord } from '../../../../src/checks/result.ts';
import { Judge } from '../../../../src/checks/judging/judge.ts';
import type { Problem } from '../../../../src/checks/judging/problem.ts';
import { CheckStore } from '../../../../src/checks/store.ts';
import { checkResult } from '../../../support/check-result.ts';

const START = 1_700_000_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** A node with a clock that a test sets and one that only goes on. */
function createNode(definitions: Readonly<Record<string, JsonRecord>> = {}) {
  let wall = START;
  let elapsed = 0;
  const clock = { now: () => wall * 1000, elapsed: () => elapsed * 1000 };
  const checks = new NodeChecks(new CheckStore({ clock, onEvicted: () => undefined, bounds: NODE_BOUNDS }));
  const judge = new Judge({ clock });
  const defined = { client: undefined, checks: new Map(Object.entries(definitions)) };
  return {
    pass: (seconds: number) => {
      wall += seconds;
      elapsed += seconds;
    },
    setClock: (seconds: number) => {
      wall += seconds;
    },
    /** A result, so many seconds old. */
    run: (attributes: JsonRecord = {}, { status = 0, age = 0 } = {}) => {
      checks.apply(
        checkResult({
          name: 'disk',
          status,
          executed: wall - age,
          attributes: { interval: undefined, ...attributes },
        }),
        { reading: Symbol.for('log') },
      );
    },
    subdue: () => {
      checks.applySubdued({ name: 'disk', source: undefined, subdued: wall });
    },
    /** What is wrong with the check `disk`. */
    problems: (): readonly Problem[] => judge.judge(checks.list(defined)).flatMap(({ problems }) => problems),
  };
}

const SILENT = [{ kind: 'silent', status: 1 }];

describe('a check that is not OK', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
    [127, 3],
    [-1, 3],
  ])('with exit status %d is a problem of status %d', (exit, status) => {
    const node = createNode();
    node.run({}, { status: exit });

    expect(node.problems()).toEqual([{ kind: 'failed', status, occurrences: 1 }]);
  });

  it('counts occurrences until its status changes, and is over when it is OK', () => {
    const node = createNode();
    const found = [1, 1, 2, 2, 2, 0].map((status) => {
      node.run({}, { status });
      return node.problems();
    });

    expect(found).toEqual([
      [{ kind: 'failed', status: 1, occurrences: 1 }],
      [{ kind: 'failed', status: 1, occurrences: 2 }],
      [{ kind: 'failed', status: 2, occurrences: 1 }],
      [{ kind: 'failed', status: 2, occurrences: 2 }],
      [{ kind: 'failed', status: 2, occurrences: 3 }],
      [],
    ]);
  });

  it('is no problem with handle false, however silent it is', () => {
    const node = createNode();
    node.run({ interval: 60, ttl: 60, handle: false }, { status: 2 });
    node.pass(DAY);

    expect(node.problems()).toEqual([]);
  });
});

describe('a check that does not run', () => {
  it.each([
    ['three intervals', { interval: 60 }, 180],
    ['two minutes, however short its interval', { interval: 1 }, 120],
    ['ten minutes after a run was due by cron', { cron: '*/10 * * * *' }, 400 + 600],
    ['twice the time of its run after that', { cron: '*/10 * * * *', duration: 600 }, 400 + 1200],
  ])('is silent after %s', (_, attributes, patience) => {
    const node = createNode();
    node.pass(DAY); // START is 400 s before a full ten minutes, and so is a day later.
    node.run(attributes);
    node.pass(patience);
    const before = node.problems();
    node.pass(1);

    expect(before).toEqual([]);
    expect(node.problems()).toEqual(SILENT);
  });

  it('is silent no more once it runs', () => {
    const node = createNode();
    node.run({ interval: 60 });
    node.pass(200);
    const before = node.problems();
    node.run({ interval: 60 });

    expect([before, node.problems()]).toEqual([SILENT, []]);
  });

  it('is not silent while it is subdued', () => {
    const node = createNode();
    node.run({ interval: 60 });
    node.pass(170);
    node.subdue();
    node.pass(170);
    const subdued = node.problems();
    node.pass(20);

    expect([subdued, node.problems()]).toEqual([[], SILENT]);
  });

  it('is not silent if it never had to run', () => {
    const node = createNode();
    node.run({});
    node.pass(365 * DAY);

    expect(node.problems()).toEqual([]);
  });

  it.each([
    ['its patience', 600, 1800],
    ['26 hours, if its patience is longer', 40 * HOUR, 26 * HOUR],
  ])('is silent once its node has been up for %s', (_, interval, watch) => {
    const node = createNode();
    node.run({ interval }, { age: 30 * DAY });
    node.pass(watch);
    const before = node.problems();
    node.pass(1);

    expect([before, node.problems()]).toEqual([[], SILENT]);
  });

  it.each([-DAY, -HOUR, -60, 60, HOUR, DAY, 365 * DAY])(
    'is as silent as it is, whoever sets the clock by %d seconds',
    (step) => {
      const node = createNode();
      node.run({ interval: 60 });
      node.pass(100);
      node.setClock(step);
      const early = node.problems();
      node.pass(81);
      const late = node.problems();
      node.run({ interval: 60 });

      expect([early, late, node.problems()]).toEqual([[], SILENT, []]);
    },
  );

  it('stays silent when the clock is set back', () => {
    const node = createNode();
    node.run({ interval: 60 });
    node.pass(200);
    const before = node.problems();
    node.setClock(-DAY);

    expect([before, node.problems()]).toEqual([SILENT, SILENT]);
  });
});

describe('a result that must come again within its ttl', () => {
  it.each([
    [undefined, 1],
    [1, 1],
    [2, 2],
    [3, 3],
    [7, 3],
  ])('has a problem once that has passed; with ttl_status %s its status is %d', (ttl_status, status) => {
    const node = createNode();
    node.pass(DAY);
    node.run({ ttl: 600, ...(ttl_status !== undefined && { ttl_status }) });
    node.pass(600);
    const before = node.problems();
    node.pass(1);
    const passed = node.problems();
    node.run({ ttl: 600 });

    expect([before, passed, node.problems()]).toEqual([[], [{ kind: 'ttl', status }], []]);
  });

  it.each([
    ['its ttl', HOUR, HOUR],
    ['3 hours, if its ttl is longer', DAY, 3 * HOUR],
  ])('has a problem once its node has been up for %s', (_, ttl, watch) => {
    const node = createNode();
    node.run({ ttl }, { age: 2 * DAY });
    node.pass(watch);
    const before = node.problems();
    node.pass(1);

    expect([before, node.problems()]).toEqual([[], [{ kind: 'ttl', status: 1 }]]);
  });

  it('is a problem of its own beside the failure', () => {
    const node = createNode();
    node.run({ ttl: 60 }, { status: 2 });
    node.pass(61);

    expect(node.problems().map(({ kind }) => kind)).toEqual(['failed', 'ttl']);
  });
});

describe('a check that is defined and of which no result is known', () => {
  it.each([
    ['a quarter of an hour', { interval: 300 }, 900, false],
    ['26 hours, if it runs seldom', { interval: 301 }, 26 * HOUR, true],
    ['26 hours, if it runs by cron', { cron: '* * * * *' }, 26 * HOUR, true],
  ])('never ran after %s', (_, definition, patience, isRare) => {
    const node = createNode({ disk: definition });
    const first = node.problems();
    node.pass(patience - 1);
    const before = node.problems();
    node.pass(1);
    const late = node.problems();
    node.run(definition);

    expect([first, before, late, node.problems()]).toEqual([
      [],
      [],
      [{ kind: 'never_ran', status: 1, isRare }],
      [],
    ]);
  });

  it('waits for one that is subdued', () => {
    const node = createNode({ disk: { interval: 60 } });
    node.problems();
    node.pass(890);
    node.subdue();
    node.pass(890);
    const subdued = node.problems();
    node.pass(20);

    expect([subdued, node.problems().length]).toEqual([[], 1]);
  });

  it('is no problem with handle false', () => {
    const node = createNode({ disk: { interval: 60, handle: false } });
    node.problems();
    node.pass(DAY);

    expect(node.problems()).toEqual([]);
  });
});

describe('checks of many nodes', () => {
  it('are told apart by the key that is given, and each is watched since its own time', () => {
    let now = 0;
    const clock = { now: () => START * 1000 + now, elapsed: () => now };
    const store = new CheckStore({ clock, onEvicted: () => undefined, bounds: NODE_BOUNDS });
    const judge = new Judge({
      clock,
      keyOf: ({ name, state }) => `${state?.result.client} ${name}`,
      watchedSince: ({ state }) => (state?.result.client === 'back' ? 3_600_000 : 0),
    });
    for (const client of ['back', 'up'])
      store.apply(checkResult({ client, executed: START, attributes: { interval: 60 } }));
    now = 3_600_000;
    const known = store.states().map((state) => ({
      name: state.result.name,
      source: undefined,
      state,
      definition: {},
      lastSubdued: undefined,
    }));

    const judged = judge.judge(known);

    expect(judged.map(({ check, problems }) => [check.state?.result.client, problems])).toEqual([
      ['up', SILENT],
      ['back', []],
    ]);
  });
});
