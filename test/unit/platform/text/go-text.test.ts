import { describe, expect, it } from '@jest/globals';
import { trimSpace, unquoteGo } from '../../../../src/platform/text/go-text.ts';

describe('trimSpace', () => {
  it.each([
    ['', ''],
    [' \t\n\v\f\r\u0085\u00a0a b\u2028\u3000', 'a b'],
    ['\ufeffa\u200b', '\ufeffa\u200b'],
  ])('makes of %j %j, as strings.TrimSpace does', (text, trimmed) => {
    expect(trimSpace(text)).toBe(trimmed);
  });
});

// Recorded from strconv.Unquote of Go 1.26 with utf8.ValidString, as Alertmanager asks them.
describe('unquoteGo', () => {
  it.each([
    ['"a b"', 'a b'],
    ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\""', '\u0007\b\f\n\r\t\v\\"'],
    ['"\\u00f6\\u00dfe"', 'öße'],
    ['"\\U0001F525!"', '🔥!'],
    ['"\\xc3\\xb6"', 'ö'],
    ['"\\303\\266"', 'ö'],
    ['"größe"', 'größe'],
    ['"\\d"', undefined],
    ['"\\\'"', undefined],
    ['"a\nb"', undefined],
    ['"a"b"', undefined],
    ['"\\xff"', undefined],
    ['"\\ud800"', undefined],
    ['"\\U00110000"', undefined],
    ['"\\400"', undefined],
    ['"\\u12"', undefined],
    ['a', undefined],
  ])('reads %s as %j', (literal, text) => {
    expect(unquoteGo(literal)).toBe(text);
  });
});
