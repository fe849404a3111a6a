import { describe, expect, it } from '@jest/globals';
import { mergeAlerts } from '../../../src/web/merge/alerts.ts';
import { mergeFailing } from '../../../src/web/merge/failing.ts';
import { mergeNodes } from '../../../src/web/merge/nodes.ts';
import { comparePipeline, isLeaking } from '../../../src/web/merge/pipeline.ts';
import { mergeSilences } from '../../../src/web/merge/silences.ts';
import { isSplit } from '../../../src/web/cluster/warnings.ts';
import type { Known, MemberAlert, MemberSilence, Sample } from '../../../src/web/model/member.ts';

const NOW = 1_000_000;
const FRESH = { now: NOW, freshFor: 45_000 };
const OPTIONS = { ...FRESH, firstSeen: () => NOW - 300_000, patience: 30_000 };

function known<T>(value: T, age = 0): Known<T> {
  return { value, at: NOW - age, cut: undefined };
}

function alert(change: Partial<MemberAlert> = {}): MemberAlert {
  return {
    fingerprint: 'f1',
    labels: { alertname: 'A', client: 'web-1' },
    state: 'active',
    silencedBy: [],
    inhibitedBy: [],
    receivers: ['mailer'],
    startsAt: 100,
    updatedAt: 200,
    generatorUrl: '',
    excerpt: 'old',
    checkStatus: undefined,
    ...change,
  };
}

function alertsOf(...alerts: readonly MemberAlert[]): ReadonlyMap<string, MemberAlert> {
  return new Map(alerts.map((one) => [one.fingerprint, one]));
}

describe('alerts of several Alertmanagers', () => {
  it('are the union, with the newest text and the earliest start', () => {
    const merged = mergeAlerts(
      [
        { name: 'am-0', known: known(alertsOf(alert({ startsAt: 50 }))) },
        {
          name: 'am-1',
          known: known(alertsOf(alert({ updatedAt: 300, excerpt: 'new' }), alert({ fingerprint: 'f2' }))),
        },
      ],
      OPTIONS,
    );
    expect([...merged.keys()].sort()).toEqual(['f1', 'f2']);
    expect(merged.get('f1')).toMatchObject({ excerpt: 'new', startsAt: 50 });
  });

  it('are active if one says so, and name who suppresses them', () => {
    const merged = mergeAlerts(
      [
        { name: 'am-0', known: known(alertsOf(alert({ state: 'suppressed', silencedBy: ['s'] }))) },
        { name: 'am-1', known: known(alertsOf(alert())) },
      ],
      OPTIONS,
    );
    expect(merged.get('f1')).toMatchObject({
      state: 'active',
      suppressedOnlyBy: ['am-0'],
      silencedBy: ['s'],
    });
  });

  it('say which Alertmanager alone has them, once the other had two rounds', () => {
    const members = [
      { name: 'am-0', known: known(alertsOf(alert())) },
      { name: 'am-1', known: known(alertsOf()) },
    ];
    expect(mergeAlerts(members, OPTIONS).get('f1')?.seenOnlyBy).toEqual(['am-0']);
    const young = { ...OPTIONS, firstSeen: () => NOW - 10_000 };
    expect(mergeAlerts(members, young).get('f1')?.seenOnlyBy).toEqual([]);
  });

  it('leave out a list that is too old while another is new', () => {
    const members = [
      { name: 'am-0', known: known(alertsOf(alert({ fingerprint: 'gone' })), 60_000) },
      { name: 'am-1', known: known(alertsOf(alert())) },
    ];
    expect([...mergeAlerts(members, OPTIONS).keys()]).toEqual(['f1']);
  });

  it('stay as they were last known when no list is new', () => {
    const members = [
      { name: 'am-0', known: known(alertsOf(alert()), 600_000) },
      { name: 'am-1', known: undefined },
    ];
    expect([...mergeAlerts(members, OPTIONS).keys()]).toEqual(['f1']);
  });
});

describe('nodes of two Prometheus', () => {
  const names = { node: 'client', address: 'instance' };
  const up = (value: number): Known<readonly Sample[]> =>
    known([{ labels: { client: 'web-1', instance: '10.0.0.1:9470' }, value }]);
  const state = (...told: readonly [boolean, number][]): string | undefined =>
    mergeNodes(
      'c',
      told.map(([isFresh, value], index) => ({
        name: `prom-${index}`,
        isFresh,
        nodes: up(value),
        down: undefined,
        knownChecks: undefined,
      })),
      names,
    ).get('web-1')?.state;

  it.each<[string, readonly [boolean, number][]]>([
    [
      'up',
      [
        [true, 1],
        [true, 1],
      ],
    ],
    [
      'down',
      [
        [true, 0],
        [true, 0],
      ],
    ],
    [
      'split',
      [
        [true, 1],
        [true, 0],
      ],
    ],
    [
      'up',
      [
        [true, 1],
        [false, 0],
      ],
    ],
    [
      'unknown',
      [
        [false, 1],
        [false, 0],
      ],
    ],
  ])('are %s', (expected, told) => {
    expect(state(...told)).toBe(expected);
  });

  it('go down with the newer question about those that are down', () => {
    const nodes = mergeNodes(
      'c',
      [{ name: 'p', isFresh: true, nodes: up(1), down: up(0), knownChecks: undefined }],
      names,
    );
    expect(nodes.get('web-1')).toMatchObject({ state: 'down', missedBy: ['p'] });
  });
});

describe('failing checks of two Prometheus', () => {
  const names = { node: 'client', check: 'check', device: 'source', address: 'instance' };
  const labels = { client: 'web-1', check: 'disk', instance: 'i' };
  const told = (status: number, executed: number, age = 0, isBehind = false) => ({
    isBehind,
    problems: known([{ labels, value: status }], age),
    executed: known([{ labels, value: executed }], age),
  });

  it('are those of the later execution', () => {
    expect(mergeFailing([told(1, 100), told(2, 200)], names)).toMatchObject([
      { status: 'critical', executed: 200_000 },
    ]);
  });

  it('are those of the fresher answer on a tie, not those of the greater status', () => {
    expect(mergeFailing([told(2, 100, 9_000), told(1, 100)], names)).toMatchObject([{ status: 'warning' }]);
  });

  it('are not those of a Prometheus that is behind', () => {
    expect(mergeFailing([told(2, 900, 0, true), told(1, 100)], names)).toMatchObject([{ status: 'warning' }]);
    expect(mergeFailing([told(2, 900, 0, true)], names)).toMatchObject([{ status: 'critical' }]);
  });
});

describe('silences of several Alertmanagers', () => {
  const silence = (change: Partial<MemberSilence> = {}): MemberSilence => ({
    id: 's1',
    state: 'active',
    matchers: [{ name: 'client', value: 'web-1', isRegex: false, isEqual: true }],
    createdBy: 'alice',
    comment: 'c',
    startsAt: 1,
    endsAt: 2,
    updatedAt: 3,
    annotations: undefined,
    ...change,
  });
  const tell = (name: string, ...all: readonly MemberSilence[]) => ({
    name,
    known: known<ReadonlyMap<string, MemberSilence>>(new Map(all.map((one) => [one.id, one]))),
  });

  it('count as expired only if all say so, and tell what they hit and who has them', () => {
    const merged = mergeSilences(
      [tell('am-0', silence({ state: 'expired', updatedAt: 9 })), tell('am-1', silence()), tell('am-2')],
      [{ client: 'web-1' }, { client: 'web-2' }],
      FRESH,
    );
    expect(merged).toMatchObject([
      { state: 'active', hits: 1, members: { 'am-0': 'expired', 'am-1': 'active', 'am-2': undefined } },
    ]);
  });
});

describe('the pipeline', () => {
  const firing = (count: number): Known<readonly Sample[]> =>
    known([{ labels: { alertname: 'A', alertstate: 'firing' }, value: count }]);
  const of = (count: number) =>
    Array.from({ length: count }, () => ({ ...alert(), seenOnlyBy: [], suppressedOnlyBy: [] }));

  it('leaks if more than a tenth of what fires is not known', () => {
    expect(isLeaking(comparePipeline([firing(20), firing(18)], of(18)))).toBe(false);
    expect(isLeaking(comparePipeline([firing(20)], of(17)))).toBe(true);
    expect(comparePipeline([undefined], of(1))).toEqual({ firing: undefined, known: 1, missing: 0 });
  });
});

describe('gossip', () => {
  it('is missing where two members see no common peer', () => {
    expect(
      isSplit([
        ['a', 'b'],
        ['a', 'b'],
      ]),
    ).toBe(false);
    expect(isSplit([['a'], ['b']])).toBe(true);
    expect(isSplit([['a'], undefined])).toBe(false);
  });
});
