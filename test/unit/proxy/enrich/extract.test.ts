import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createBatchExtractor,
  createExtractor,
  type Extracted,
} from '../../../../src/proxy/enrich/extract.ts';
import { anyJson } from '../../../support/arbitrary-json.ts';

const JSON_TYPE = 'application/json';
// 検査 OK, in EUC-JP.
const EUC_JP = Buffer.from([0xb8, 0xa1, 0xba, 0xba, 0x20, 0x4f, 0x4b]);

describe('createExtractor', () => {
  it.each([
    ['a string', 'check.output', 'DISK OK'],
    ['a list of strings as lines', 'check.lines', 'one\ntwo'],
    ['a number', 'check.status', '2'],
    ['an object as JSON', 'check.nested', '{"a":[1,null]}'],
    ['a list of other things as JSON', 'check.mixed', '["a",1]'],
    ['an empty list', 'check.none', ''],
    ['a word for a number', "check.status == `2` && 'CRITICAL'", 'CRITICAL'],
    ['the first that is there', 'check.absent || check.output', 'DISK OK'],
  ])('takes %s', (_, expression, expected) => {
    const check = {
      output: 'DISK OK',
      lines: ['one', 'two'],
      status: 2,
      nested: { a: [1, null] },
      mixed: ['a', 1],
      none: [],
    };

    expect(firing(extract({ check }, { check_output: expression }))).toEqual({ check_output: expected });
  });

  it('leaves out what is not there, but for the first annotation', () => {
    const expressions = { check_output: 'output', check_status_text: 'status', check_issued: 'issued' };

    expect(firing(extract({ output: 'OK', issued: null }, expressions))).toEqual({ check_output: 'OK' });
    expect(extract({ status: 1 }, expressions)).toBe('the answer holds nothing for check_output');
  });

  it.each([
    ['a function that gets what it cannot take', "join(', ', output)"],
    ['a length of nothing', 'length(absent)'],
    ['a list of something that cannot be compared', 'sort(mixed)'],
  ])('takes nothing, and does not throw, from %s', (_, expression) => {
    const answer = { output: 'OK', mixed: ['a', 1, {}] };

    expect(extract(answer, { check_output: expression })).toBe('the answer holds nothing for check_output');
    expect(firing(extract(answer, { check_output: 'output', other: expression }))).toEqual({
      check_output: 'OK',
    });
  });

  it('takes nothing, and does not throw, from an answer that nests too deeply to be written', () => {
    const body = '['.repeat(100_000) + ']'.repeat(100_000);

    expect(read(body, JSON_TYPE, { check_output: '[0]' })).toBe('the answer holds nothing for check_output');
  });

  it('may take something else once the alert has resolved', () => {
    const extractor = createExtractor({
      extractions: [{ name: 'check_output', firing: 'last_non_ok', resolved: 'output' }],
      charsets: ['utf-8'],
      redact: [],
      maxBytes: 4096,
    });

    const extracted = extractor({
      body: Buffer.from('{"output":"OK","last_non_ok":"CRITICAL"}'),
      contentType: JSON_TYPE,
    });

    expect(extracted).toMatchObject({
      annotations: {
        firing: { entries: { check_output: 'CRITICAL' } },
        resolved: { entries: { check_output: 'OK' } },
      },
    });
  });

  it.each([
    ['{"output":"none","last_result":null}', false],
    ['{"output":"none","last_result":{}}', true],
    ['{"output":"OK"}', true],
  ])('tells whether there is a result: %s', (body, hasResult) => {
    expect(read(body, JSON_TYPE, { check_output: 'output' })).toMatchObject({ hasResult });
  });

  it.each([
    ['text', 'DISK OK\n', 'text/plain', 'DISK OK\n'],
    ['text without a type', 'DISK OK', '', 'DISK OK'],
    ['text that looks like JSON', '{"a":1}', 'text/plain', '{"a":1}'],
    ['JSON', '{"a":1}', 'application/json; charset=utf-8', '{"a":1}'],
    ['a string of JSON', '"DISK OK"', JSON_TYPE, 'DISK OK'],
    ['an empty text', '', 'text/plain', ''],
  ])('takes the body itself: %s', (_, body, contentType, expected) => {
    expect(firing(read(body, contentType, { check_output: '@' }))).toEqual({ check_output: expected });
  });

  it.each([
    ['HTML', '<p>login</p>', 'text/html', 'the answer is an HTML page'],
    ['HTML in capitals', '<p>login</p>', 'Text/HTML; charset=utf-8', 'the answer is an HTML page'],
    ['JSON that is none', 'DISK OK', JSON_TYPE, 'the answer is not JSON'],
    ['half of JSON', '{"output":"OK"', JSON_TYPE, 'the answer is not JSON'],
    ['nothing', '', JSON_TYPE, 'the answer is not JSON'],
    ['null', 'null', JSON_TYPE, 'the answer holds nothing for check_output'],
  ])('says what is wrong with %s', (_, body, contentType, sentence) => {
    expect(read(body, contentType, { check_output: 'output' })).toBe(sentence);
  });

  it('reads JSON whatever its type, where an expression asks for a part', () => {
    expect(firing(read('\ufeff{"output":"OK"}', 'text/plain', { check_output: 'output' }))).toEqual({
      check_output: 'OK',
    });
  });

  it.each([
    ['UTF-8 first', ['utf-8', 'euc-jp'], Buffer.from('検査 OK'), '検査 OK'],
    ['then the next', ['utf-8', 'euc-jp'], EUC_JP, '検査 OK'],
    ['with replacement characters, if none fits', ['utf-8'], Buffer.from([0x4f, 0xff, 0x4b]), 'O\ufffdK'],
    ['a character that the end cuts', ['utf-8'], Buffer.from('Größe').subarray(0, 3), 'Gr\ufffd'],
  ])('decodes: %s', (_, charsets, body, expected) => {
    const extractor = createExtractor({
      extractions: [{ name: 'check_output', firing: '@', resolved: '@' }],
      charsets,
      redact: [],
      maxBytes: 4096,
    });

    expect(firing(extractor({ body, contentType: 'text/plain' }))).toEqual({ check_output: expected });
  });

  it('never throws, and leaves only text, whatever the answer', () => {
    const expressions = { check_output: '@', keys: 'keys(@)', deep: 'a[0].b || a', sum: 'sum(@)' };
    const bodies = fc.oneof(
      anyJson.map((json) => Buffer.from(json)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );

    fc.assert(
      fc.property(bodies, fc.constantFrom(JSON_TYPE, 'text/plain', ''), (body, contentType) => {
        const extracted = read(body, contentType, expressions);

        if (typeof extracted === 'string') return;
        const { entries, members } = extracted.annotations.firing;
        for (const text of Object.values(entries)) expect(typeof text).toBe('string');
        expect(JSON.parse(`{${members.toString()}}`)).toEqual(entries);
      }),
    );
  });
});

describe('createBatchExtractor', () => {
  const extractor = createBatchExtractor({
    list: 'checks',
    elementName: 'check.name',
    extractions: [{ name: 'check_output', firing: 'check.output', resolved: 'check.output' }],
    charsets: ['utf-8'],
    redact: [],
    maxBytes: 4096,
  });
  const extractAll = (answer: unknown, wanted = ['disk', 'load', 'mail']): ReturnType<typeof extractor> =>
    extractor({ body: Buffer.from(JSON.stringify(answer)), contentType: JSON_TYPE }, wanted);

  it('takes the parts of an answer by their names', () => {
    const parts = extractAll({
      checks: [{ check: { name: 'disk', output: 'DISK OK' } }, { check: { name: 'load' } }],
    });

    if (typeof parts === 'string') throw new Error(parts);
    expect(firing(parts.get('disk') ?? '')).toEqual({ check_output: 'DISK OK' });
    expect(parts.get('load')).toBe('the answer holds nothing for check_output');
    expect(parts.get('mail')).toBeUndefined();
  });

  it.each([
    ['no list', { checks: 3 }, "the answer holds no list under 'checks'"],
    ['nothing', null, "the answer holds no list under 'checks'"],
  ])('takes nothing from an answer that holds %s', (_, answer, words) => {
    expect(extractAll(answer)).toBe(words);
  });

  it('passes by what is no check', () => {
    const parts = extractAll({ checks: [null, 7, 'x', { check: { name: 'disk', output: 'DISK OK' } }] });

    expect(typeof parts === 'string' ? parts : [...parts.keys()]).toEqual(['disk']);
  });

  it('takes only what was asked for, each once, and looks at 1,000 elements', () => {
    const check = (name: string, output = name): object => ({ check: { name, output } });
    const others = Array.from({ length: 997 }, (_, index) => check(`other${index}`));

    const parts = extractAll({
      checks: [check('disk', 'first'), check('disk', 'second'), ...others, check('load'), check('mail')],
    });

    if (typeof parts === 'string') throw new Error(parts);
    expect([...parts.keys()]).toEqual(['disk', 'load']);
    expect(firing(parts.get('disk') ?? '')).toEqual({ check_output: 'first' });
  });

  it('says of a page for people that it is one', () => {
    expect(extractor({ body: Buffer.from('<html>'), contentType: 'text/html' }, ['disk'])).toBe(
      'the answer is an HTML page',
    );
  });
});

function extract(answer: unknown, expressions: Record<string, string>): Extracted {
  return read(JSON.stringify(answer), JSON_TYPE, expressions);
}

function read(body: string | Buffer, contentType: string, expressions: Record<string, string>): Extracted {
  const extractor = createExtractor({
    extractions: Object.entries(expressions).map(([name, expression]) => ({
      name,
      firing: expression,
      resolved: expression,
    })),
    charsets: ['utf-8'],
    redact: [],
    maxBytes: 4096,
  });
  return extractor({ body: Buffer.from(body), contentType });
}

function firing(extracted: Extracted): unknown {
  return typeof extracted === 'string' ? extracted : extracted.annotations.firing.entries;
}
