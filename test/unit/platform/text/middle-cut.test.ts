import { describe, expect, it } from '@jest/globals';
import { cutMiddle } from '../../../../src/platform/text/middle-cut.ts';

function cut(text: string | Buffer, maxBytes: number, last?: string): [string, string] {
  const { head, tail } = cutMiddle(
    Buffer.from(text),
    maxBytes,
    last === undefined ? undefined : Buffer.from(last),
  );
  return [head.toString('latin1'), tail.toString('latin1')];
}

describe('cutMiddle', () => {
  it.each([
    ['three quarters head, the rest tail', 'abcdefghij', 4, ['abc', 'j']],
    [
      'no half code points',
      'ééééé',
      5,
      [Buffer.from('é').toString('latin1'), Buffer.from('é').toString('latin1')],
    ],
    ['a tail that is a line as it is', 'abcdefghijkl\nmn', 8, ['abcdef', 'mn']],
    ['a tail that begins where a line does', 'abcdefghijkl\nmn', 12, ['abcdefghi', 'mn']],
    ['half a line if there is no other', 'abcdefghijkl\n', 8, ['abcdef', 'l\n']],
    ['nothing', 'abcdefghij', 0, ['', '']],
  ])('keeps %s', (_, text, maxBytes, ends) => {
    expect(cut(text, maxBytes)).toEqual(ends);
  });

  it('takes the tail from where it is told', () => {
    expect(cut('abcdef', 8, 'uvwxyz')).toEqual(['abcdef', 'yz']);
    expect(cut('abcdef', 80, 'uvwxyz')).toEqual(['abcdef', 'uvwxyz']);
  });

  it('cuts other encodings where it comes, however many of their bytes look like half code points', () => {
    const halves = Buffer.alloc(100, 0xa5);

    expect(cut(halves, 40).map(({ length }) => length)).toEqual([30, 10]);
  });
});
