import { runs } from '../../../support/thorough.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { cut, sanitise } from '../../../../src/platform/text/sanitise.ts';
import { anyText } from '../../../support/arbitrary-json.ts';

const PLAIN = { redact: [], maxBytes: 4096 };

describe('sanitise', () => {
  it.each([
    ['colours', '\u001b[1;31mCRITICAL\u001b[0m', 'CRITICAL'],
    ['colours in eight-bit codes', '\u009b31mCRITICAL\u009b0m', 'CRITICAL'],
    ['what tput sgr0 prints', 'WARN\u001b(B\u001b[m: slow', 'WARN: slow'],
    ['links', '\u001b]8;;http://example.com\u001b\\runbook\u001b]8;;\u0007', 'runbook'],
    ['a title that never ends', '\u001b]0;title', '0;title'],
    ['cursor movements', 'a\u001b[2K\u001b[1Gb\u001b7c\u001b8', 'abc'],
    ['a lone escape character', 'a\u001b\nb', 'a\nb'],
    ['NUL, BEL, BS, DEL and C1', 'a\u0000\u0007\u0008\u007f\u0085b', 'ab'],
    ["a progress bar's carriage returns", '10 %\r20 %\r\n', '10 %\n20 %\n'],
    ['what turns the order of letters around', 'ok\u202elavomer\u202c \u2066x\u2069\u200f', 'oklavomer x'],
    ['lone surrogates', 'a\ud83db\udc00', 'a\ufffdb\ufffd'],
    ['marks of direction', 'a\u200eb\u200fc\u061cd', 'abcd'],
    ['what hides or breaks words', 'pa\u200bss\u2060wo\ufeffrd\u00ad\u034f\u3164', 'password'],
    ['tags, in which text can hide', 'ok\u{e0001}\u{e0068}\u{e0069}\u{e007f}\u{e0100}', 'ok'],
    ["Unicode's own line breaks", 'a\u2028b\u2029c', 'a\nb\nc'],
    ['nothing of joiners and emoji', 'می\u200cخواهم 👩\u200d🚒 ⚠\ufe0f', 'می\u200cخواهم 👩\u200d🚒 ⚠\ufe0f'],
    ['nothing of tabs, line feeds and Unicode', 'Größe\t警告\n🔥', 'Größe\t警告\n🔥'],
  ])('cleans: %s', (_, text, expected) => {
    expect(sanitise(text, PLAIN)).toBe(expected);
  });

  it('masks secrets, also those that colours interrupt', () => {
    const redact = [RE2JS.compile('(?i)password=\\S+'), RE2JS.compile('token \\w+')];

    expect(sanitise('PASSWORD=hunter\u001b[0m2 and token abc$1', { ...PLAIN, redact })).toBe(
      '<redacted> and <redacted>$1',
    );
  });

  it('masks secrets before it cuts: half a secret would still be one', () => {
    const redact = [RE2JS.compile('password=\\S+')];

    const text = sanitise(`${'x'.repeat(70)} password=${'s3cret'.repeat(100)}`, { redact, maxBytes: 100 });

    expect(text).not.toContain('s3cret');
  });

  it('looks for secrets only around what the cut keeps of a long text', () => {
    const redact = [RE2JS.compile('password=\\S+')];
    const middle = 'x\n'.repeat(500_000);
    const text = `password=first\n${middle}password=last`;
    let searched = 0;
    const counting = {
      matcher: (part: string) => {
        searched += part.length;
        return redact[0]?.matcher(part);
      },
    } as unknown as RE2JS;

    const clean = sanitise(text, { redact: [counting], maxBytes: 1000 });

    expect(clean).toMatch(/^<redacted>\nx/);
    expect(clean).toMatch(/x\n<redacted>$/);
    expect(clean).toMatch(/of 10000\d\d bytes left out/);
    expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(1000);
    expect(searched).toBeLessThan(50_000);
  });

  it('shows no half of a secret that is longer than what is searched', () => {
    const redact = [RE2JS.compile('password=\\S+')];
    const secret = `password=${'s3cret'.repeat(50_000)}`;

    for (const text of [`${secret}\nok`, `ok\n${secret}`, `${secret} ${secret}`])
      expect(sanitise(text, { redact, maxBytes: 1000 })).not.toContain('s3cret');
  });

  it('makes any text fit for Alertmanager', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 120 }), (text, maxBytes) => {
        const clean = sanitise(text.repeat(9), { redact: [], maxBytes });

        expect(clean.isWellFormed()).toBe(true);
        // eslint-disable-next-line no-control-regex -- there must be none.
        expect(clean).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(maxBytes);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('changes nothing in a text that it has cleaned', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const clean = sanitise(`${one}\u001b[${other}\r${one}`, PLAIN);

        expect(sanitise(clean, PLAIN)).toBe(clean);
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each([
    ['titles that never end', '\u001b]'],
    ['eight-bit titles that never end', '\u009d'],
    ['colours that never end', '\u001b[1;'],
    ['escape characters', '\u001b'],
    ['carriage returns', '\r'],
  ])('takes no longer than the text is long: %s', (_, piece) => {
    const startedAt = performance.now();
    sanitise(piece.repeat(500_000), PLAIN);

    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('cut', () => {
  it('leaves a text as it is that fits', () => {
    expect(cut('ß'.repeat(50), 100)).toBe('ß'.repeat(50));
  });

  it('keeps head and tail, and says what is missing', () => {
    const text = `${'h'.repeat(75)}${'x'.repeat(1000)}${'t'.repeat(25)}`;

    expect(cut(text, 137)).toBe(`${'h'.repeat(75)}\n…[1000 of 1100 bytes left out]…\n${'t'.repeat(25)}`);
  });

  it('begins the tail with a line, if it holds the beginning of one', () => {
    const line = 'x'.repeat(20);
    const text = `${'h'.repeat(75)}${`\n${line}`.repeat(10)}\n`;

    expect(cut(text, 135)).toBe(`${'h'.repeat(75)}\n…[190 of 286 bytes left out]…\n${line}\n`);
  });

  it('cuts at a code point, and counts bytes', () => {
    expect(cut('🔥'.repeat(40), 75)).toBe(`${'🔥'.repeat(7)}\n…[124 of 160 bytes left out]…\n🔥🔥`);
  });

  it.each([
    [4, '…'],
    [8, '🔥…'],
    [3, '…'],
    [2, ''],
  ])('ends in an ellipsis where the mark would take half of %i bytes', (maxBytes, expected) => {
    expect(cut('🔥🔥🔥', maxBytes)).toBe(expected);
  });
});
