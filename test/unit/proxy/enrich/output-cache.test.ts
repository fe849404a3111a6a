import { describe, expect, it } from '@jest/globals';
import { AnnotationSet } from '../../../../src/proxy/alert/splice.ts';
import { OutputCache, type CacheEntry } from '../../../../src/proxy/enrich/output-cache.ts';

const FAILED: CacheEntry = { failure: { at: 0, reason: 'timeout' } };

describe('OutputCache', () => {
  it('forgets the least recently used beyond its entries', () => {
    const cache = new OutputCache({ maxEntries: 2, maxBytes: 1e6 });
    cache.set('a', FAILED);
    cache.set('b', FAILED);
    cache.get('a');
    cache.set('c', FAILED);

    expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
    expect(cache.entries).toBe(2);
  });

  it('stays within its bytes', () => {
    const cache = new OutputCache({ maxEntries: 1000, maxBytes: 20_000 });
    for (let check = 0; check < 100; check++) cache.set(`check-${check}`, entryOf('x'.repeat(1000)));

    expect(cache.bytes).toBeLessThanOrEqual(20_000);
    expect(cache.entries).toBeGreaterThan(2);
    expect(cache.get('check-99')).toBeDefined();
  });

  it('counts text that firing and resolved share once', () => {
    const text = new AnnotationSet({ check_output: 'x'.repeat(1000) });
    const other = new AnnotationSet({ check_output: 'y'.repeat(1000) });

    const shared = bytesOf({
      output: { fetchedAt: 0, annotations: { firing: text, resolved: text }, hasResult: true },
    });
    const apart = bytesOf({
      output: { fetchedAt: 0, annotations: { firing: text, resolved: other }, hasResult: true },
    });

    expect(apart - shared).toBeGreaterThan(950);
  });

  it('does not keep what is larger than all of it', () => {
    const cache = new OutputCache({ maxEntries: 10, maxBytes: 1000 });
    cache.set('a', entryOf('x'.repeat(10_000)));

    expect(cache.get('a')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });
});

function bytesOf(entry: CacheEntry): number {
  const cache = new OutputCache({ maxEntries: 10, maxBytes: 1e6 });
  cache.set('key', entry);
  return cache.bytes;
}

function entryOf(text: string): CacheEntry {
  const annotations = new AnnotationSet({ check_output: text });
  return {
    output: { fetchedAt: 0, annotations: { firing: annotations, resolved: annotations }, hasResult: true },
  };
}
