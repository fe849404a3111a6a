import { expect, it } from '@jest/globals';
import { parseRubyInteger } from '../../../src/sensu/ruby-integer.ts';

// As Ruby 3.1 answers Integer(text).
it.each([
  ['3', 3],
  [' 3600 ', 3600],
  ['+5', 5],
  ['-1', -1],
  ['1_000', 1000],
  ['0x10', 16],
  ['0b11', 3],
  ['0o17', 15],
  ['010', 8],
  ['0', 0],
  ['3.0', undefined],
  ['', undefined],
  ['three', undefined],
  ['5 minutes', undefined],
  ['1e3', undefined],
  ['09', undefined],
  ['1__0', undefined],
  ['_1', undefined],
  ['0x', undefined],
])('parseRubyInteger reads %j as %p', (text, expected) => {
  expect(parseRubyInteger(text)).toBe(expected);
});
