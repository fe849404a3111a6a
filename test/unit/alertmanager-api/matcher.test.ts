import { describe, expect, it } from '@jest/globals';
import { matchesAll, parseMatcher } from '../../../src/alertmanager-api/matcher.ts';

const LABELS = { alertname: 'CheckFailed', check: 'check_disk', note: 'say "hi"\n', empty: '' };

describe('parseMatcher', () => {
  it.each([
    ['check="check_disk"', true],
    ['check=check_disk', true],
    [' check = check_disk ', true],
    ['check="check"', false],
    ['check!="check"', true],
    ['check!="check_disk"', false],
    ['check=~"check_.+"', true],
    ['check=~"disk"', false],
    ['check=~"check|disk"', false],
    ['check=~"check_disk|x"', true],
    ['check!~"check_.+"', false],
    ['check!~"net_.+"', true],
    ['"check"="check_disk"', true],
    ['note="say \\"hi\\"\\n"', true],
    ['note=~"say.*"', false],
    ['note=~"(?s)say.*"', true],
    ['absent=""', true],
    ['absent!=""', false],
    ['absent=~".+"', false],
    ['absent=~".*"', true],
    ['absent!="x"', true],
    ['empty=""', true],
    ['empty=~".+"', false],
    ['constructor=""', true],
    ['__proto__=""', true],
    ['toString=~".+"', false],
  ])('%s: %s', (text, expected) => {
    expect(parseMatcher(text).matches(LABELS)).toBe(expected);
  });

  it('matches each value alike, however often it comes', () => {
    const matcher = parseMatcher('check=~"a.*"');

    expect(['ab', 'b', 'ab', 'b'].map((check) => matcher.matches({ check }))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it.each([
    ['a word', 'check', 'must be a matcher such as check=~".+"'],
    ['no name', '="x"', 'must be a matcher such as check=~".+"'],
    ['nothing', '{}', 'must be a matcher such as check=~".+"'],
    ['several', 'a=b,c=d', 'must be one matcher, not several'],
    [
      'a quote within a value',
      'check=="x',
      `a value must be in quotes as a whole, with \\" for a quote in it: 'check=="x'`,
    ],
    [
      'an open quote',
      'check="x',
      `a value must be in quotes as a whole, with \\" for a quote in it: 'check="x'`,
    ],
    ['no RE2 syntax', 'check=~"(?=x)"', "'(?=x)' is not a regular expression in RE2 syntax"],
  ])('refuses %s', (_, text, sentence) => {
    expect(() => parseMatcher(text)).toThrow(sentence);
  });
});

describe('matchesAll', () => {
  it('wants every matcher to match', () => {
    const both = [parseMatcher('check=~".+"'), parseMatcher('alertname=CheckFailed')];

    expect(matchesAll(both, LABELS)).toBe(true);
    expect(matchesAll(both, { ...LABELS, alertname: 'Other' })).toBe(false);
  });

  it('matches every alert where there is no matcher', () => {
    expect(matchesAll([], {})).toBe(true);
  });
});
