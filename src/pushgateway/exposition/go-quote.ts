import { isUtf8 } from 'node:buffer';

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

// Who reads the sentence needs the beginning only; a value may have a megabyte.
const MAX_QUOTED = 1000;

/** Quotes bytes as Go's `%q` does: what is not printable is escaped, a byte that is not UTF-8 reads `\xff`. */
export function goQuote(text: Buffer | string): string {
  const bytes = Buffer.from(text).subarray(0, MAX_QUOTED);
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  const escaped = bytes
    .toString(encoding)
    .replaceAll(
      encoding === 'utf8' ? /["\\\p{C}\u0080-\u00a0]/gu : /["\\\p{C}\u0080-\u00ff]/gu,
      (character) => escapeCharacter(character, encoding),
    );
  return `"${escaped}"`;
}

function escapeCharacter(character: string, encoding: 'utf8' | 'latin1'): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || encoding === 'latin1') return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
