import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Lookup } from '../../../../../src/proxy/enrich/lookup.ts';
import { coalesced } from '../../../../../src/proxy/enrich/policy/coalesced.ts';
import { createPatience, createStubLookup, patient, query, success, type StubLookup } from './stub-lookup.ts';

describe('coalesced', () => {
  let source: StubLookup;
  let lookup: Lookup;

  beforeEach(() => {
    source = createStubLookup();
    lookup = coalesced(source.lookup);
  });

  it('asks once for all who want the same at the same time', async () => {
    const first = lookup(query('node/disk'), patient);
    const second = lookup(query('node/disk'), patient);
    await source.answer(success('full', 0));

    expect(source.asked).toHaveLength(1);
    expect([await first, await second]).toEqual([success('full', 0), success('full', 0)]);
  });

  it('asks for each key', () => {
    void lookup(query('node/disk'), patient);
    void lookup(query('node/load'), patient);

    expect(source.asked.map(({ query: { key } }) => key)).toEqual(['node/disk', 'node/load']);
  });

  it('asks anew once the answer is there', async () => {
    void lookup(query('node/disk'), patient);
    await source.answer(success('full', 0));
    void lookup(query('node/disk'), patient);

    expect(source.asked).toHaveLength(2);
  });

  it('waits for the last of those who ask, whoever gives up first', () => {
    const [first, second] = [createPatience(), createPatience()];
    void lookup(query('node/disk'), first);
    void lookup(query('node/disk'), second);
    const shared = source.asked[0]?.patience;

    first.end();
    expect(shared?.exhausted).toBe(false);
    second.end();
    expect(shared?.exhausted).toBe(true);
  });
});
