import { describe, expect, it } from '@jest/globals';
import { Kept } from '../../../../src/proxy/build/kept.ts';

describe('Kept', () => {
  it('keeps a part whose settings stay the same, and gives back those that are gone', () => {
    const kept = new Kept<{ name: string }>();
    const one = kept.keep('one', () => ({ name: 'one' }));
    const other = kept.keep('other', () => ({ name: 'other' }));

    expect(kept.commit()).toEqual([]);
    expect(kept.keep('one', () => ({ name: 'new' }))).toBe(one);
    expect(kept.keep('third', () => ({ name: 'third' }))).toEqual({ name: 'third' });
    expect(kept.commit()).toEqual([other]);
    expect(kept.current.map(({ name }) => name)).toEqual(['one', 'third']);
  });

  it('makes one part for settings that come twice', () => {
    const kept = new Kept<object>();

    expect(kept.keep('same', () => ({}))).toBe(kept.keep('same', () => ({})));
  });

  it('leaves what is in force alone until the commit', () => {
    const kept = new Kept<string>();
    kept.keep('old', () => 'old');
    kept.commit();

    kept.keep('new', () => 'new');

    expect(kept.current).toEqual(['old']);
  });
});
