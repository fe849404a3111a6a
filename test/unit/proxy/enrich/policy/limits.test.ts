import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Lookup } from '../../../../../src/proxy/enrich/lookup.ts';
import { anyOf, unlimited, type Demand } from '../../../../../src/proxy/enrich/demand.ts';
import { hostLimit } from '../../../../../src/proxy/enrich/policy/host-limit.ts';
import { TwoLineLimit } from '../../../../../src/proxy/enrich/policy/two-line-limit.ts';
import { fetchLimits } from '../../../../../src/proxy/enrich/policy/fetch-limits.ts';
import {
  createPatience,
  createStubLookup,
  patient,
  query,
  settle,
  success,
  type StubLookup,
} from './stub-lookup.ts';

let source: StubLookup;

beforeEach(() => {
  source = createStubLookup();
});

const limitOf = (concurrency: number, rounds = 16) => new TwoLineLimit({ concurrency, rounds });

/** Asks for so many checks, each of another node. */
function askMany(lookup: Lookup, count: number, key = (index: number) => `node-${index}/disk`) {
  return Array.from({ length: count }, (_, index) => lookup(query(key(index)), patient));
}

describe('limited', () => {
  it.each([
    { name: 'the process', total: 2, ofSource: 10 },
    { name: 'the source', total: 10, ofSource: 2 },
  ])('keeps to the limit of $name', async ({ total, ofSource }) => {
    const lookup = fetchLimits(source.lookup, { total: limitOf(total), source: limitOf(ofSource) });
    void askMany(lookup, 5);
    await settle();
    expect(source.pending()).toBe(2);

    await source.answer(success('full', 0));
    expect(source.asked).toHaveLength(3);
  });

  it('keeps to the limit of the process across sources', async () => {
    const total = limitOf(2);
    const other = createStubLookup();
    void askMany(fetchLimits(source.lookup, { total, source: limitOf(5) }), 2);
    void askMany(fetchLimits(other.lookup, { total, source: limitOf(5) }), 2);
    await settle();

    expect([source.pending(), other.pending()]).toEqual([2, 0]);
  });

  it('says overloaded to whom the queue has no room for', async () => {
    const lookup = fetchLimits(source.lookup, { total: limitOf(1, 2), source: limitOf(10) });
    const answers = askMany(lookup, 5);

    expect(await answers[4]).toMatchObject({ ok: false, reason: 'overloaded' });
    expect(source.asked).toHaveLength(1);
  });

  it('does not start, when its turn comes, what nobody waits for any more', async () => {
    const lookup = fetchLimits(source.lookup, { total: limitOf(1), source: limitOf(1) });
    const patience = createPatience();
    void lookup(query('node-1/disk'), patient);
    const late = lookup(query('node-2/disk'), patience);
    await settle();
    patience.end();
    await source.answer(success('full', 0));

    expect(await late).toMatchObject({ ok: false, reason: 'deadline' });
    expect(source.asked).toHaveLength(1);
  });
});

describe('limited, with refreshes', () => {
  const limits = () => ({ total: limitOf(1, 2), source: limitOf(1, 2) });
  const askFor = (lookup: Lookup, key: string, patience: Demand) => lookup(query(key), patience);
  const askedKeys = () => source.asked.map(({ query: { key } }) => key);
  const answerAll = async () => {
    while (source.pending() > 0) await source.answer(success('full', 0));
  };

  it('lets what an alert waits for go before them', async () => {
    const lookup = fetchLimits(source.lookup, limits());
    for (const key of ['refresh-1', 'refresh-2']) void askFor(lookup, key, unlimited);
    for (const key of ['alert-1', 'alert-2']) void askFor(lookup, key, patient);
    await answerAll();

    expect(askedKeys()).toEqual(['refresh-1', 'alert-1', 'alert-2', 'refresh-2']);
  });

  it('has room for alerts when it has no more for them', async () => {
    const lookup = fetchLimits(source.lookup, limits());
    const refreshes = [1, 2, 3, 4].map((number) => askFor(lookup, `refresh-${number}`, unlimited));
    const alert = askFor(lookup, 'alert', patient);
    await answerAll();

    expect(await refreshes[3]).toMatchObject({ ok: false, reason: 'overloaded' });
    expect(await alert).toMatchObject({ ok: true });
  });

  it('lets one go with the alerts once an alert waits for it', async () => {
    const lookup = fetchLimits(source.lookup, limits());
    const waiting = [unlimited];
    void askFor(lookup, 'alert-1', patient);
    void askFor(lookup, 'refresh-1', unlimited);
    void askFor(lookup, 'refresh-2', anyOf(waiting));
    void askFor(lookup, 'alert-2', patient);
    waiting.push(patient);
    await answerAll();

    expect(askedKeys()).toEqual(['alert-1', 'alert-2', 'refresh-2', 'refresh-1']);
  });

  it('lets one go with the alerts that holds the place of an alert', async () => {
    const lookup = hostLimit(1)(fetchLimits(source.lookup, limits()));
    void askFor(lookup, 'one/alert', patient);
    void askFor(lookup, 'two/refresh', unlimited);
    void askFor(lookup, 'three/refresh', unlimited);
    void askFor(lookup, 'three/alert', patient);
    void askFor(lookup, 'four/alert', patient);
    await answerAll();

    expect(askedKeys()).toEqual(['one/alert', 'four/alert', 'three/refresh', 'two/refresh', 'three/alert']);
  });
});

describe('fewPerHost', () => {
  const checksOfOneNode = (index: number) => `node/check-${index}`;

  it('asks one host only so many questions at a time, and others meanwhile', async () => {
    const lookup = hostLimit(2)(source.lookup);
    void askMany(lookup, 4, checksOfOneNode);
    void lookup(query('other/disk'), patient);
    await settle();

    expect(source.asked.map(({ query: { key } }) => key)).toEqual([
      'node/check-0',
      'node/check-1',
      'other/disk',
    ]);
  });

  it('asks the next one when one is answered, also long after', async () => {
    const lookup = hostLimit(1)(source.lookup);
    void askMany(lookup, 2, checksOfOneNode);
    await settle();
    await source.answer(success('full', 0));
    await source.answer(success('full', 0));
    void askMany(lookup, 2, checksOfOneNode);
    await settle();

    expect(source.asked).toHaveLength(3);
    expect(source.pending()).toBe(1);
  });

  it('says overloaded when too much waits for one host', async () => {
    const lookup = hostLimit(1)(source.lookup);
    const answers = askMany(lookup, 300, checksOfOneNode);

    expect(await answers[299]).toMatchObject({ ok: false, reason: 'overloaded' });
    expect(source.asked).toHaveLength(1);
  });
});
