import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from '../../../../src/agent/log/line-splitter.ts';

function collect(maxLineBytes = 1000): { splitter: LineSplitter; lines: string[]; tooLong: () => number } {
  const lines: string[] = [];
  let count = 0;
  const splitter = new LineSplitter({
    maxLineBytes,
    onLine: (line) => lines.push(line.toString('latin1')),
    onTooLong: () => (count += 1),
  });
  return { splitter, lines, tooLong: () => count };
}

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut into chunks', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '\xff', '\n\n', 'x'.repeat(12)), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(20), { minLength: 1, maxLength: 60 }), (parts, sizes) => {
        const bytes = Buffer.from(parts.join(''), 'latin1');
        const whole = collect(10);
        const pieces = collect(10);

        whole.splitter.push(bytes);
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const size = (sizes[n % sizes.length] ?? 0) + 1;
          // The reader's buffer is used again, as in production.
          const chunk = Buffer.from(bytes.subarray(at, at + size));
          pieces.splitter.push(chunk);
          chunk.fill(0);
          at += size;
        }

        const expected = bytes.toString('latin1').split('\n').slice(0, -1);
        expect(whole.lines).toEqual(expected.filter((line) => line.length <= 10));
        expect(pieces.lines).toEqual(whole.lines);
        expect(pieces.tooLong()).toBe(whole.tooLong());
      }),
    );
  });

  it('keeps a partial last line until its newline comes', () => {
    const { splitter, lines } = collect();

    splitter.push(Buffer.from('one\ntw'));
    expect(lines).toEqual(['one']);
    splitter.push(Buffer.from('o\n'));

    expect(lines).toEqual(['one', 'two']);
  });

  it('skips a line that is too long, counts it once, and goes on with the next', () => {
    const { splitter, lines, tooLong } = collect(4);

    for (const chunk of ['12', '34', '56', '78\nab', '\n', '12345\n', '1234\n'])
      splitter.push(Buffer.from(chunk));

    expect(lines).toEqual(['ab', '1234']);
    expect(tooLong()).toBe(2);
  });

  it('drops the rest of a line whose beginning it was told not to expect', () => {
    const { splitter, lines, tooLong } = collect();

    splitter.skipLine();
    splitter.push(Buffer.from('end of a line\nnext\n'));

    expect(lines).toEqual(['next']);
    expect(tooLong()).toBe(0);
  });

  it('forgets the line under way when reset', () => {
    const { splitter, lines } = collect();

    splitter.push(Buffer.from('half'));
    splitter.reset();
    splitter.push(Buffer.from('whole\n'));

    expect(lines).toEqual(['whole']);
  });
});
