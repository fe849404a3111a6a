import { runs } from '../../../../support/thorough.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isJson } from '../../../../../src/proxy/alert/bytes/validate.ts';
import { MAX_DEPTH } from '../../../../../src/proxy/alert/bytes/scan.ts';
import { anyJson } from '../../../../support/arbitrary-json.ts';

describe('isJson', () => {
  it('takes all that is JSON', () => {
    fc.assert(
      fc.property(anyJson, (json) => {
        expect(check(json.trim())).toBe(true);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('says the same as JSON.parse of what nearly is JSON', () => {
    const piece = fc.constantFrom(
      ...[
        '',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\\u12',
        '0',
        '-',
        '.',
        'e+',
        'tru',
        'null',
        ' ',
        '\n',
        '\t"',
        'é',
      ],
    );
    fc.assert(
      fc.property(anyJson, fc.nat(), fc.nat(3), piece, (json, at, removed, added) => {
        const start = at % (json.length + 1);
        const text = `${json.slice(0, start)}${added}${json.slice(start + removed)}`.trim();
        expect({ text, isJson: check(text) }).toEqual({ text, isJson: isParsed(text) });
      }),
      { numRuns: runs(10_000) },
    );
  });

  it.each(['-0', '1 \n', '1.5e+10', '1E5', '"\\ud83d\\/"', '{"a":[{},[]]}'])('takes %s', (json) => {
    expect(check(json)).toBe(true);
  });

  it.each([
    '',
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '+1',
    '"\u0001"',
    '"\\x"',
    '"\\u12g4"',
    '"',
    "'a'",
    '{"a"}',
    '[1,]',
    '{"a":1,}',
    '[}',
    '1 2',
    'nul',
    '[1',
    '\ufeff1',
    '\u00a01',
  ])('refuses %j', (text) => {
    expect(check(text)).toBe(false);
  });

  it('follows as many levels as Go', () => {
    expect(check('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH))).toBe(true);
    expect(check('['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1))).toBe(false);
  });

  it('does not look beyond the end', () => {
    const body = Buffer.from('[12]');
    expect(isJson(body, { start: 1, end: 3 })).toBe(true);
    expect(isJson(body, { start: 1, end: 2 })).toBe(false);
    expect(isJson(body, { start: 0, end: 3 })).toBe(false);
  });
});

function check(text: string): boolean {
  const body = Buffer.from(text);
  return isJson(body, { start: 0, end: body.length });
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(Buffer.from(text).toString());
    return true;
  } catch {
    return false;
  }
}
