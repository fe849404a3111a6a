import { describe, expect, it } from '@jest/globals';
import { cacheStateOf } from '../../../../src/proxy/activity/cache-state.ts';
import type { LookupResult } from '../../../../src/proxy/enrich/lookup.ts';
import { fresh, outputOf } from '../enrich/alerts-and-rules.ts';

describe('cacheStateOf', () => {
  const last = outputOf('before');

  it.each<[string, LookupResult]>([
    ['fresh', fresh('x')],
    ['cached', { ok: true, output: last, cached: true }],
    ['stale', { ok: false, reason: 'timeout', last }],
    ['failed', { ok: false, reason: 'timeout' }],
  ])('is %s', (state, result) => {
    expect(cacheStateOf(result)).toBe(state);
  });
});
