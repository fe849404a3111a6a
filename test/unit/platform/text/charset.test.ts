import { describe, expect, it } from '@jest/globals';
import { createDecoder } from '../../../../src/platform/text/charset.ts';

const decode = createDecoder(['utf-8', 'euc-jp']);

describe('createDecoder', () => {
  it.each([
    ['UTF-8 where it is', Buffer.from('é'), { text: 'é', encoding: 'utf-8' }],
    ['the next charset where it is not', Buffer.from([0xa5, 0xc7]), { text: 'デ', encoding: 'euc-jp' }],
    [
      'replacement characters where nothing fits',
      Buffer.from([0x61, 0xff]),
      { text: 'a\ufffd', encoding: 'utf-8' },
    ],
    ['a byte order mark as a character', Buffer.from('\ufeffx'), { text: '\ufeffx', encoding: 'utf-8' }],
  ])('reads %s', (_, bytes, expected) => {
    expect(decode(bytes)).toEqual(expected);
  });

  it('leaves out half a character at the end of a cut text, instead of trying the next charset', () => {
    expect(decode(Buffer.from('aé').subarray(0, 2), true)).toEqual({ text: 'a', encoding: 'utf-8' });
    expect(decode(Buffer.from('b'), true)).toEqual({ text: 'b', encoding: 'utf-8' });
  });

  it('names the charset it does not know', () => {
    expect(() => createDecoder(['utf-8', 'klingon'])).toThrow(/klingon/);
  });
});
