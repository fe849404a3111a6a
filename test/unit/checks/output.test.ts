import { describe, expect, it } from '@jest/globals';
import { createDecoder } from '../../../src/platform/text/charset.ts';
import { rawText, shorten, showOutput, wholeOutput } from '../../../src/checks/output.ts';

const decode = createDecoder(['utf-8', 'euc-jp']);

const show = (output: string | Buffer, maxBytes: number, keptBytes = Infinity): string =>
  showOutput(shorten(wholeOutput(Buffer.from(output)), keptBytes), decode, maxBytes).text;

// Of a line each, so that it shows which of them are there.
const NUMBERS = Array.from({ length: 1000 }, (_, n) => String(n).padStart(4, '0')).join('\n');

describe('an output', () => {
  it('is shown as it is while it fits', () => {
    expect(showOutput(wholeOutput(Buffer.from('ß'.repeat(50))), decode, 100)).toEqual({
      text: 'ß'.repeat(50),
      encoding: 'utf-8',
      isTruncated: false,
    });
  });

  it('shows its head and its tail, what was left out between them, and takes no more room than it is given', () => {
    const text = show(NUMBERS, 100);

    expect(text).toMatch(/^0000\n0001\n[^]*\n…\[\d+ of 4999 bytes left out\]…\n(\d{4}\n)*0998\n0999$/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100);
    const [mark = '', leftOut] = /\n…\[(\d+) of 4999 bytes left out\]…\n/.exec(text) ?? [];
    expect(Number(leftOut) + Buffer.byteLength(text) - Buffer.byteLength(mark)).toBe(4999);
  });

  it('shows the same text, however much of its middle was not kept', () => {
    const all = show(NUMBERS, 200);

    expect(show(NUMBERS, 200, 2000)).toBe(all);
    expect(show(NUMBERS, 200, 1000)).toBe(all);
  });

  it('shows all that was kept, where there is room for it', () => {
    expect(show(NUMBERS, 10_000, 30)).toBe(
      '0000\n0001\n0002\n0003\n00\n…[4973 of 4999 bytes left out]…\n0999',
    );
  });

  it.each([
    ['EUC-JP', Buffer.from([0xa5, 0xc7]), 'デ'],
    ['no encoding', Buffer.from([0xff, 0xff]), '\ufffd\ufffd'],
  ])('of %s is measured in the bytes that the script printed', (_, pair, shown) => {
    const text = show(Buffer.alloc(10_000, pair), 200);

    const [head = '', leftOut, tail = ''] = text.split(/\n…\[(\d+) of 10000 bytes left out\]…\n/);
    expect(head.replaceAll(shown[0] ?? '', '') + tail.replaceAll(shown[0] ?? '', '')).toBe('');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200);
    expect(Number(leftOut)).toBe(10_000 - (2 * (head + tail).length) / shown.length);
  });

  it('is no more than a head where there is no room for the mark', () => {
    expect(show('é'.repeat(1000), 5)).toBe('éé');
    expect(show('é'.repeat(1000), 0)).toBe('');
  });

  it('has the mark in its raw bytes only if some of them were not kept', () => {
    const bytes = Buffer.from([0xff, ...Buffer.from(NUMBERS)]);

    expect(rawText(shorten(wholeOutput(bytes), 5000))).toEqual(bytes);
    expect(rawText(shorten(wholeOutput(bytes), 40)).toString('latin1')).toMatch(
      /^\xff0000\n[^]* of 5000 bytes left out\][^]*\n0998\n0999$/,
    );
  });
});
