// Check scripts print any bytes, and Sensu's log carries them as they are. Text that is UTF-8 becomes the string it is;
// a byte that is not becomes a lone surrogate U+DC80..U+DCFF, which no UTF-8 decodes to, and turns back into that byte
// when it is written (the scheme of Python's PEP 383).
import { isUtf8 } from 'node:buffer';

// Runs of well-formed UTF-8 (Unicode 15, table 3-7), not too long for the regular expression's stack, or one other byte.
const SEQUENCE =
  /(?:[^\x80-\xff]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}){1,4096}|[\x80-\xff]/g;

/** Decodes UTF-8, keeping every byte that is none. */
export function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes.toString('latin1').replace(SEQUENCE, (part) => {
    const isRaw = part.length === 1 && part >= '\x80';
    return isRaw
      ? String.fromCharCode(0xdc00 + part.charCodeAt(0))
      : Buffer.from(part, 'latin1').toString('utf8');
  });
}

/** Whether text holds bytes that are no UTF-8. */
export function hasRawBytes(text: string): boolean {
  // With the flag u, the surrogates of a pair do not match.
  return /\p{Surrogate}/u.test(text);
}

/** Encodes text of `decodeText` to the bytes it came from. */
export function encodeText(text: string): Buffer {
  if (!hasRawBytes(text)) return Buffer.from(text, 'utf8');
  const bytes = Buffer.allocUnsafe(3 * text.length);
  let size = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes[size++] = code;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes[size++] = code & 0xff;
    else size += bytes.write(character, size);
  }
  return bytes.subarray(0, size);
}
