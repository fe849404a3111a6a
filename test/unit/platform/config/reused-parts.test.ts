import { describe, expect, it } from '@jest/globals';
import { ReusedParts } from '../../../../src/platform/config/reused-parts.ts';

function endInto<T>(ended: T[]): (part: T) => Promise<void> {
  return (part) => {
    ended.push(part);
    return Promise.resolve();
  };
}

describe('Kept', () => {
  it('keeps a part whose settings stay the same, and ends those that are gone', async () => {
    const ended: { name: string }[] = [];
    const kept = new ReusedParts<{ name: string }>(endInto(ended));
    const one = kept.keep('one', () => ({ name: 'one' }));
    const other = kept.keep('other', () => ({ name: 'other' }));

    kept.commit();
    expect(ended).toEqual([]);
    expect(kept.keep('one', () => ({ name: 'new' }))).toBe(one);
    expect(kept.keep('third', () => ({ name: 'third' }))).toEqual({ name: 'third' });
    kept.commit();
    expect(ended).toEqual([other]);
    await kept.stop();
    expect(ended.slice(1).map(({ name }) => name)).toEqual(['one', 'third']);
  });

  it('makes one part for settings that come twice', () => {
    const kept = new ReusedParts<object>();

    expect(kept.keep('same', () => ({}))).toBe(kept.keep('same', () => ({})));
  });

  it('leaves what is in force alone until the commit', async () => {
    const ended: string[] = [];
    const kept = new ReusedParts<string>(endInto(ended));
    kept.keep('old', () => 'old');
    kept.commit();

    kept.keep('new', () => 'new');

    expect(ended).toEqual([]);
    await kept.stop();
    expect(ended).toEqual(['old']);
  });

  it('ends what was made for nothing, and nothing else', async () => {
    const ended: string[] = [];
    const kept = new ReusedParts<string>(endInto(ended));
    kept.keep('old', () => 'old');
    kept.commit();
    kept.keep('old', () => 'another');
    kept.keep('new', () => 'new');

    kept.rollback();

    expect(ended).toEqual(['new']);
    await kept.stop();
    expect(ended).toEqual(['new', 'old']);
  });
});
