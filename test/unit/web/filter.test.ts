import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../src/web/query/filter.ts';

const LABELS = { client: 'web-001', check: 'check_raid', severity: 'critical' };
const TEXT = 'web-001\ncheck_raid\nmd0 degraded';

describe('a filter', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['client=~"web-.*" severity!=warning raid -lab', true],
    ['client=~"web-.*" raid -degraded', false],
    ['client=web-002', false],
    ['team=""', true],
    ['DEGRADED', true],
    ['"md0 degraded"', true],
    ['{client="web-001",check=~"check_.*"}', true],
    ['{client="web-001",check="x"}', false],
  ])('%s', (source, expected) => {
    const filter = parseFilter(source);
    expect(filter.mistake).toBeUndefined();
    expect(filter.matches(LABELS, TEXT)).toBe(expected);
  });

  it.each(['client=~"["', 'client="a"b"', `${'('.repeat(20_000)}=~`])(
    'says what it cannot read: %#',
    (source) => {
      expect(() => parseFilter(source).matches(LABELS, TEXT)).not.toThrow();
    },
  );

  it('names the part that cannot be understood', () => {
    expect(parseFilter('raid client=~"["').mistake).toContain('client=~"["');
  });

  it('tells matchers from words, for silences', () => {
    expect(parseFilter('client="a" raid')).toMatchObject({ matchers: ['client="a"'], hasWords: true });
  });
});
