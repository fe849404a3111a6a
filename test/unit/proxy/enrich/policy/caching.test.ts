import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LookupResult } from '../../../../../src/proxy/enrich/lookup.ts';
import { fromCache, lastKnown } from '../../../../../src/proxy/enrich/policy/from-cache.ts';
import { intoCache } from '../../../../../src/proxy/enrich/policy/into-cache.ts';
import {
  createCacheScene,
  isWaiting,
  NEGATIVE_TTL,
  STALE_IF_ERROR,
  TTL,
  type CacheScene,
} from './cache-scene.ts';
import { failure, output, patient, query, settle, success, textOf } from './stub-lookup.ts';

let clock: CacheScene['clock'];
let source: CacheScene['source'];
let options: CacheScene['options'];
let ask: CacheScene['ask'];
let fetched: CacheScene['fetched'];

beforeEach(() => {
  ({ clock, source, options, ask, fetched } = createCacheScene());
});

describe('fromCache with an output', () => {
  it('waits for what it does not know', async () => {
    expect(await fetched(success('97 %', clock.now()))).toMatchObject({ ok: true, cached: false });
  });

  it('answers a re-send at once', async () => {
    await fetched(success('97 %', clock.now()));

    expect(ask()).toMatchObject({ ok: true, cached: true });
    expect(source.asked).toHaveLength(1);
  });

  it('answers a re-send at once when the output is old, and refreshes it behind, for as long as that takes', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(TTL + 1);
    expect(textOf(await ask())).toBe('97 %');
    expect(source.asked).toHaveLength(2);
    expect(source.asked[1]?.patience.exhausted).toBe(false);

    await source.answer(success('99 %', clock.now()));
    expect(textOf(await ask())).toBe('99 %');
    expect(source.asked).toHaveLength(2);
  });

  it('asks anew once the alert has changed', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(1000);
    const answer = ask({ status: 'resolved', changedAt: clock.now() });
    expect(isWaiting(answer)).toBe(true);

    await source.answer(success('20 %', clock.now()));
    expect(textOf(await answer)).toBe('20 %');
  });

  it('does not take for the new state what was asked before the alert changed', async () => {
    const before = ask();
    const startedAt = clock.now();
    clock.advance(500);
    const after = ask({ status: 'resolved', changedAt: clock.now() });
    await source.answer(success('97 %', startedAt));
    expect(textOf(await before)).toBe('97 %');

    await source.answer(success('20 %', clock.now()));
    expect(textOf(await after)).toBe('20 %');
    expect(source.asked).toHaveLength(2);
  });

  it('asks once more at the most when the clock of the sender is ahead', async () => {
    const answer = await fetched(success('97 %', clock.now()), { changedAt: clock.now() + 60_000 });

    expect(textOf(answer)).toBe('97 %');
    expect(source.asked).toHaveLength(1);
  });

  it('asks once more where there was no room for the refresh that it joined', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(TTL + 1);
    void ask();
    const answer = ask({ changedAt: clock.now() });
    await source.answer(failure('overloaded'));
    await source.answer(success('99 %', clock.now()));

    expect(textOf(await answer)).toBe('99 %');
  });

  it('leaves the output of a resolved alert as it is', async () => {
    const parts = { status: 'resolved', changedAt: clock.now() } as const;
    await fetched(success('20 %', clock.now()), parts);
    clock.advance(10 * TTL);

    expect(isWaiting(ask(parts))).toBe(false);
    expect(source.asked).toHaveLength(1);
  });
});

describe('fromCache with what is old', () => {
  it('asks anew for an alert that does not say since when it fires, once the output is older than its TTL', async () => {
    await fetched(success('97 %', clock.now()), { changedAt: 0 });
    clock.advance(TTL);
    expect(isWaiting(ask({ changedAt: 0 }))).toBe(false);

    clock.advance(1);
    const answer = ask({ changedAt: 0 });
    await source.answer(success('20 %', clock.now()));
    expect(textOf(await answer)).toBe('20 %');
  });

  it('asks anew for an alert that it has not seen for longer than stale_if_error', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(STALE_IF_ERROR);
    expect(isWaiting(ask({ status: 'resolved' }))).toBe(false);

    clock.advance(1);
    expect(isWaiting(ask())).toBe(true);
  });

  it.each([
    ['that it has not seen for longer than stale_if_error', 1, STALE_IF_ERROR + 1],
    ['that does not say since when it fires, after negative_ttl', 0, NEGATIVE_TTL + 1],
  ])('asks anew where a fetch failed for an alert %s', async (_, changedAt, age) => {
    await fetched(failure('timeout'));
    clock.advance(age);

    expect(isWaiting(ask({ changedAt }))).toBe(true);
  });

  it('lets no re-send of a resolved alert wait where nothing old may stand in', () => {
    const lookup = fromCache(source.lookup, { ...options, staleIfError: 0 });
    const resolved = query('node/disk', { status: 'resolved', changedAt: clock.now() });
    options.cache.set('node/disk', { output: output('20 %', clock.now()) });
    clock.advance(15 * 60_000);

    expect(isWaiting(lookup(resolved, patient))).toBe(false);
  });
});

describe('fromCache with a failure', () => {
  it('answers a re-send with the reason and the output known before', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(TTL + 1);
    void ask();
    await source.answer(failure('timeout'));
    const answer = ask();

    expect(answer).toMatchObject({ ok: false, reason: 'timeout' });
    expect(textOf(answer as LookupResult)).toBe('97 %');
  });

  it('shows the output known before to the first who learns of the failure too', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(1000);

    expect(textOf(await fetched(failure('timeout'), { changedAt: clock.now() }))).toBe('97 %');
  });

  it.each([
    { name: 'a re-send', changed: false },
    { name: 'an alert that has just changed', changed: true },
  ])('does not ask again for $name within negative_ttl', async ({ changed }) => {
    await fetched(failure('connect_timeout'));
    clock.advance(NEGATIVE_TTL);

    expect(ask({ changedAt: changed ? clock.now() : 0 })).toMatchObject({ reason: 'connect_timeout' });
    expect(source.asked).toHaveLength(1);
  });

  it('asks again behind a re-send after negative_ttl', async () => {
    await fetched(failure('connect_timeout'));
    clock.advance(NEGATIVE_TTL + 1);

    expect(isWaiting(ask())).toBe(false);
    expect(source.asked).toHaveLength(2);
  });

  it('asks again at once for an alert that has changed after negative_ttl', async () => {
    await fetched(failure('connect_timeout'));
    clock.advance(NEGATIVE_TTL + 1);

    expect(isWaiting(ask({ changedAt: clock.now() }))).toBe(true);
    await settle();
  });

  it('shows no output that is older than stale_if_error', async () => {
    await fetched(success('97 %', clock.now()));
    clock.advance(STALE_IF_ERROR + 1);
    const answer = await fetched(failure('timeout'), { changedAt: clock.now() });

    expect(answer).toEqual(failure('timeout'));
    expect(lastKnown('node/disk', options)).toBeUndefined();
  });

  it('is over with the first success', async () => {
    await fetched(failure('timeout'));
    clock.advance(NEGATIVE_TTL + 1);
    void ask();
    await source.answer(success('97 %', clock.now()));

    expect(ask()).toMatchObject({ ok: true });
  });

  it('lets no re-send wait for a host that is left alone, and asks behind each whether it still is', async () => {
    await fetched(failure('circuit_open'));
    clock.advance(60_000);

    expect(ask()).toMatchObject({ reason: 'circuit_open' });
    expect(source.asked).toHaveLength(2);
  });

  it('asks anew for an alert that has changed, where the circuit was open', async () => {
    await fetched(failure('circuit_open'));
    clock.advance(1000);

    expect(isWaiting(ask({ changedAt: clock.now() }))).toBe(true);
  });
});

describe('intoCache', () => {
  it.each(['deadline', 'overloaded'] as const)(
    'does not remember %s, which is not about the node',
    async (reason) => {
      await fetched(failure(reason));

      expect(isWaiting(ask())).toBe(true);
    },
  );

  it('remembers what nobody waits for any more', async () => {
    const remembering = intoCache(source.lookup, options);
    void remembering(query('node/disk'), { ...patient, exhausted: true });
    await source.answer(success('97 %', clock.now()));

    expect(textOf(await ask())).toBe('97 %');
    expect(source.asked).toHaveLength(1);
  });
});
