import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Lookup } from '../../../../../src/proxy/enrich/lookup.ts';
import { fewPerHost } from '../../../../../src/proxy/enrich/policy/few-per-host.ts';
import { createLimit } from '../../../../../src/proxy/enrich/policy/limit.ts';
import { limited } from '../../../../../src/proxy/enrich/policy/limited.ts';
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

/** Asks for so many checks, each of another node. */
function askMany(lookup: Lookup, count: number, key = (index: number) => `node-${index}/disk`) {
  return Array.from({ length: count }, (_, index) => lookup(query(key(index)), patient));
}

describe('limited', () => {
  it.each([
    { name: 'the process', total: 2, ofSource: 10 },
    { name: 'the source', total: 10, ofSource: 2 },
  ])('keeps to the limit of $name', async ({ total, ofSource }) => {
    const lookup = limited(source.lookup, { total: createLimit(total), source: createLimit(ofSource) });
    void askMany(lookup, 5);
    await settle();
    expect(source.pending()).toBe(2);

    await source.answer(success('full', 0));
    expect(source.asked).toHaveLength(3);
  });

  it('keeps to the limit of the process across sources', async () => {
    const total = createLimit(2);
    const other = createStubLookup();
    void askMany(limited(source.lookup, { total, source: createLimit(5) }), 2);
    void askMany(limited(other.lookup, { total, source: createLimit(5) }), 2);
    await settle();

    expect([source.pending(), other.pending()]).toEqual([2, 0]);
  });

  it('says overloaded to whom the queue has no room for', async () => {
    const lookup = limited(source.lookup, { total: createLimit(1, 2), source: createLimit(10) });
    const answers = askMany(lookup, 5);

    expect(await answers[4]).toMatchObject({ ok: false, reason: 'overloaded' });
    expect(source.asked).toHaveLength(1);
  });

  it('does not start, when its turn comes, what nobody waits for any more', async () => {
    const lookup = limited(source.lookup, { total: createLimit(1), source: createLimit(1) });
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

describe('fewPerHost', () => {
  const checksOfOneNode = (index: number) => `node/check-${index}`;

  it('asks one host only so many questions at a time, and others meanwhile', async () => {
    const lookup = fewPerHost(2)(source.lookup);
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
    const lookup = fewPerHost(1)(source.lookup);
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
    const lookup = fewPerHost(1)(source.lookup);
    const answers = askMany(lookup, 300, checksOfOneNode);

    expect(await answers[299]).toMatchObject({ ok: false, reason: 'overloaded' });
    expect(source.asked).toHaveLength(1);
  });
});
