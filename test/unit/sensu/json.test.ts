import { describe, expect, it } from '@jest/globals';
import { decodeText, encodeText } from '../../../src/sensu/bytes-as-text.ts';
import { float, parseJson, writeJson } from '../../../src/sensu/json.ts';

function rewrite(text: string): string {
  const parsed = parseJson(text);
  return parsed.ok ? writeJson(parsed.value) : parsed.reason;
}

describe('JSON as Sensu reads and writes it', () => {
  it.each([
    ['keeps a float a float', '10.0', '10.0'],
    ['keeps an integer an integer', '10', '10'],
    ['keeps integers of 1000 digits', '7'.repeat(1000), '7'.repeat(1000)],
    ['has no negative zero', '[-0,-0.0]', '[0,0.0]'],
    ['writes exponents as floats', '[1e3,1E-7,2.5e20]', '[1000.0,1e-07,2.5e+20]'],
    ['writes 15 digits', '[0.1,0.30000000000000004,1234567.125]', '[0.1,0.3,1234567.125]'],
    ['keeps the order of keys that look like numbers', '{"b":1,"1":2,"0":3}', '{"b":1,"1":2,"0":3}'],
    ['lets the last of two equal keys win at the place of the first', '{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['takes __proto__ for a key like any other', '{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}'],
    [
      'escapes control characters in lower case only',
      '"\\u001B\\u0000\\t\\/<>&\\u007f"',
      '"\\u001b\\u0000\\t/<>&\u007f"',
    ],
    ['takes line breaks inside strings', '"one\ntwo"', '"one\\ntwo"'],
    ['skips comments and blanks', ' // a\n{ /* b */ "a" : 1 } ', '{"a":1}'],
    ['takes an empty object and an empty array', '[{},[]]', '[{},[]]'],
  ])('%s', (_, text, written) => {
    expect(rewrite(text)).toBe(written);
  });

  it.each([
    ['an unclosed object', '{"a":1', 'line 1, column 7: expected "," or "}"'],
    ['a trailing comma', '{\n  "a": 1,\n}', 'line 3, column 1: expected a key in double quotes'],
    ['a missing colon', '{"a" 1}', 'line 1, column 6: expected ":" after the key "a"'],
    ['an unclosed string', '["a', 'line 1, column 2: a string without its closing quote'],
    ['an unknown escape', '"\\x"', 'line 1, column 1: a string with an unknown escape'],
    ['text after the value', '1 2', 'line 1, column 3: expected the end of the text'],
    ['nothing', '', 'line 1, column 1: expected a value'],
    ['a number beyond all floats', '1e999', 'line 1, column 6: the number 1e999 is too large'],
    [
      'a long key',
      `{"${'k'.repeat(9000)}"}`,
      `line 1, column 9004: expected ":" after the key "${'k'.repeat(100)}…"`,
    ],
    [
      'a key cut within a character',
      `{"${'k'.repeat(99)}😀"}`,
      `line 1, column 105: expected ":" after the key "${'k'.repeat(99)}…"`,
    ],
    [
      'an integer that takes long to read',
      '7'.repeat(1001),
      `line 1, column 1002: the integer ${'7'.repeat(100)}… has more than 1000 digits`,
    ],
    [
      'a long number beyond all floats',
      `${'7'.repeat(9000)}.0`,
      `line 1, column 9003: the number ${'7'.repeat(100)}… is too large`,
    ],
    ['endless nesting', '['.repeat(100_000), 'line 1, column 102: nested more than 100 levels deep'],
  ])('says where %s is wrong', (_, text, reason) => {
    expect(parseJson(text)).toEqual({ ok: false, reason });
  });

  it.each([
    [1, '1.0'],
    [0, '0.0'],
    [0.003, '0.003'],
    [2.004, '2.004'],
    [1e15, '1000000000000000.0'],
    [1e25, '1e+25'],
    [0.00001, '1e-05'],
  ])('writes the duration %d as %s', (value, text) => {
    expect(writeJson(float(value))).toBe(text);
  });
});

describe('bytes as text', () => {
  it.each([
    ['UTF-8', Buffer.from('ディスク 😀')],
    ['EUC-JP', Buffer.from('a5c7a5a3a5b9a5af', 'hex')],
    ['a character cut in half beside a whole one', Buffer.from('e38387e383', 'hex')],
    ['surrogates encoded as UTF-8', Buffer.from('eda080', 'hex')],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['nothing', Buffer.alloc(0)],
  ])('turns %s into text and back', (_, bytes) => {
    expect(encodeText(decodeText(bytes))).toEqual(bytes);
  });

  it('writes raw bytes into JSON as they came', () => {
    const bytes = Buffer.from([0x22, 0xff, 0x5c, 0xfe, 0x0a, 0xf0, 0x9f, 0x98, 0x80]);

    expect(encodeText(writeJson(decodeText(bytes)))).toEqual(
      Buffer.from([0x22, 0x5c, 0x22, 0xff, 0x5c, 0x5c, 0xfe, 0x5c, 0x6e, 0xf0, 0x9f, 0x98, 0x80, 0x22]),
    );
  });

  it('reads what is UTF-8 as what it says', () => {
    expect(decodeText(Buffer.from('ディスク'))).toBe('ディスク');
  });
});
