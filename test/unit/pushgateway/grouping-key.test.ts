import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseGroupingKey } from '../../../src/pushgateway/groups/grouping-key.ts';

describe('the path of a push', () => {
  it.each([
    ['job/p/instance/i/x/1', { job: 'p', instance: 'i', x: '1' }],
    ['job/p/x/1/instance/i', { job: 'p', instance: 'i', x: '1' }],
    ['job/p/path/a%2Fb', { job: 'p', path: 'a/b' }],
    ['job/p/path@base64/L3Zhci90bXA', { job: 'p', path: '/var/tmp' }],
    ['job/p/path@base64/=', { job: 'p', path: '' }],
    ['job@base64/dGVzdC9qb2I', { job: 'test/job' }],
    ['job/p/job/other', { job: 'p' }],
    ['job/p/x/1/x/2', { job: 'p', x: '2' }],
    ['job/p/path/%E3%83%87', { job: 'p', path: 'デ' }],
    ['job/p/U__a_2e_b/v', { job: 'p', U__a_2e_b: 'v' }],
  ])('%s', (path, labels) => {
    expect(Object.fromEntries(parseGroupingKey(path, 'legacy'))).toEqual(labels);
  });

  it.each([
    ['job/p/U__a_2e_b/v', { job: 'p', 'a.b': 'v' }],
    ['job/p/U__in_xxx_valid/v', { job: 'p', U__in_xxx_valid: 'v' }],
    ['job/p/U___55_____x/v', { job: 'p', U__x: 'v' }],
    ['job/p/a.b/v', { job: 'p', 'a.b': 'v' }],
  ])('%s with names of any UTF-8', (path, labels) => {
    expect(Object.fromEntries(parseGroupingKey(path, 'utf8'))).toEqual(labels);
  });

  it.each([
    ['job/', 'job name is required'],
    ['job@base64/=', 'job name is required'],
    ['job/p/path/%FF', 'label value of path is not valid UTF-8'],
    ['job/p/path@base64/_w', 'label value of path is not valid UTF-8'],
    ['job/p/path/%zz', 'the path has a % that no two hexadecimal digits follow'],
    ['job/p/gateway/x', 'label gateway is kept for the scrape config'],
    ['job/p/instance//x/y', /^empty path segment/],
    ['job/p/path/%2e%2e', /^empty path segment/],
    ['job/p/0x/c', 'improper label name "0x"'],
    [
      'job/p/path@base64/a',
      'invalid base64 encoding for label path="a": illegal base64 data at input byte 0',
    ],
  ])('%s is refused', (path, sentence) => {
    expect(() => parseGroupingKey(path, 'legacy')).toThrow(sentence);
  });

  it('brings any value back that encodeURIComponent or base64 carries', () => {
    const value = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const plain = parseGroupingKey(`job/j/x/${encodeURIComponent(text)}`, 'legacy');
        const base64 = parseGroupingKey(
          `job/j/x@base64/${Buffer.from(text).toString('base64url')}`,
          'legacy',
        );
        expect(Object.fromEntries(plain)).toEqual({ job: 'j', x: text });
        expect(base64).toEqual(plain);
      }),
    );
  });
});
