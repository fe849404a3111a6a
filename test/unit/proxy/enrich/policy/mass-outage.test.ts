import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LookupResult } from '../../../../../src/proxy/enrich/lookup.ts';
import { MassOutage } from '../../../../../src/proxy/enrich/policy/mass-outage.ts';
import { timed } from '../../../../../src/proxy/enrich/policy/timed.ts';
import { createClock, failure, patient, query, success } from './stub-lookup.ts';

describe('timed, with an eye on the storm', () => {
  const clock = createClock();
  let storm: MassOutage;
  let timeouts: number[];
  /** How long the nodes take to answer, in milliseconds; undefined: they are gone. */
  let latency: number | undefined;

  beforeEach(() => {
    storm = new MassOutage({ now: clock.now });
    timeouts = [];
    latency = undefined;
  });

  const source = (_: unknown, timeout: number): Promise<LookupResult> => {
    timeouts.push(timeout);
    const isInTime = latency !== undefined && latency <= timeout;
    return Promise.resolve(isInTime ? success('fine', 0) : failure('connect_timeout'));
  };

  async function ask(count: number): Promise<LookupResult[]> {
    const lookup = timed(source, { timeout: 1000, stormTimeout: 100, storm });
    const results: LookupResult[] = [];
    for (let i = 0; i < count; i++) results.push(await lookup(query(`node-${i}/disk`), patient));
    return results;
  }

  it('gives every fetch its full timeout while most hosts answer', async () => {
    latency = 20;
    await ask(100);

    expect(new Set(timeouts)).toEqual(new Set([1000]));
  });

  it('waits only briefly once most hosts do not answer, and says so', async () => {
    await ask(20);
    const [result] = await ask(1);

    expect(timeouts.at(-1)).toBe(100);
    expect(result).toMatchObject({ reason: 'connect_timeout', detail: expect.stringContaining('briefly') });
  });

  it('waits in full for one fetch in two seconds all the same', async () => {
    await ask(20);
    timeouts = [];
    for (let second = 0; second < 11; second++) {
      await ask(50);
      clock.advance(1_000);
    }

    expect(timeouts.filter((timeout) => timeout === 1000)).toHaveLength(5);
  });

  it('sees its end though the hosts that are back answer more slowly than it waits', async () => {
    await ask(100);
    latency = 300;
    for (let second = 0; second < 31; second++) {
      await ask(50);
      clock.advance(1_000);
    }
    timeouts = [];
    await ask(10);

    expect(storm.isRaging).toBe(false);
    expect(new Set(timeouts)).toEqual(new Set([1000]));
  });

  it('does not end for the few that live and are quick', async () => {
    await ask(100);
    for (let i = 0; i < 500; i++) {
      latency = i % 5 === 0 ? 1 : undefined;
      await ask(1);
    }

    expect(storm.isRaging).toBe(true);
  });

  it('is over when nobody was asked for a while', async () => {
    await ask(100);
    clock.advance(30_001);

    expect(storm.isRaging).toBe(false);
  });

  it('makes a failure of an error that a source throws', async () => {
    const lookup = timed(() => Promise.reject(new Error('length() expects a string')), {
      timeout: 1000,
      stormTimeout: 100,
      storm,
    });

    expect(await lookup(query('node/disk'), patient)).toEqual({
      ok: false,
      reason: 'bad_response',
      detail: 'length() expects a string',
    });
  });
});
