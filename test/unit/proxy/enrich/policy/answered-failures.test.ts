import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LookupResult } from '../../../../../src/proxy/enrich/lookup.ts';
import type { Reason } from '../../../../../src/proxy/enrich/reason.ts';
import { createCacheScene, isWaiting, NEGATIVE_TTL, STALE_IF_ERROR, type CacheScene } from './cache-scene.ts';
import { failure, output, settle, success } from './stub-lookup.ts';

let scene: CacheScene;
beforeEach(() => {
  scene = createCacheScene();
});

/** The answer of a node that knows the check, and no result of it. */
function withoutResult(): LookupResult {
  const { annotations, fetchedAt } = output('no result yet', scene.clock.now());
  return { ok: true, cached: false, output: { annotations, fetchedAt, hasResult: false } };
}

describe('a node that answers without an output', () => {
  it.each<Reason>(['not_found', 'http_4xx', 'http_5xx', 'too_large', 'bad_response'])(
    'is asked anew for an alert that has changed since: %s',
    async (reason) => {
      await scene.fetched(failure(reason));
      scene.clock.advance(1_000);
      const later = { changedAt: scene.clock.now() };

      expect(isWaiting(scene.ask(later))).toBe(true);
      await scene.source.answer(failure(reason));
      expect(isWaiting(scene.ask(later))).toBe(false);
      expect(scene.source.pending()).toBe(0);
    },
  );

  it('is asked again behind a re-send after negative_ttl', async () => {
    await scene.fetched(failure('not_found'));
    scene.clock.advance(NEGATIVE_TTL + 1);

    expect(isWaiting(scene.ask())).toBe(false);
    expect(scene.source.pending()).toBe(1);
    await settle();
  });

  it('keeps the output that is known where it lost the result', async () => {
    await scene.fetched(success('97 %', scene.clock.now()));
    scene.clock.advance(60_000);
    const again = { changedAt: scene.clock.now() };

    expect(await scene.fetched(withoutResult(), again)).toMatchObject({
      ok: false,
      reason: 'not_found',
      last: { annotations: output('97 %', 0).annotations },
    });
    expect(scene.ask(again)).toMatchObject({ ok: false, detail: 'it has no result of it any more' });
  });

  it('is believed where it never had a result, as far as is known', async () => {
    const { clock, fetched } = scene;
    expect(await fetched(withoutResult())).toMatchObject({ ok: true });
    expect(await fetched(withoutResult(), { changedAt: clock.now() + 1 })).toMatchObject({ ok: true });

    await fetched(success('97 %', clock.now()), { changedAt: clock.now() + 2 });
    clock.advance(STALE_IF_ERROR + 1);
    expect(await fetched(withoutResult(), { changedAt: clock.now() })).toMatchObject({ ok: true });
  });
});
