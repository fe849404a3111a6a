import { TextDecoder } from 'node:util';

/** Text decoded from a script's bytes, and the name of its encoding. */
export interface Decoded {
  readonly text: string;
  readonly encoding: string;
}

/** Decodes bytes; `cut` says that they may end inside a character, which is then left out. Never throws. */
export type Decoder = (bytes: Uint8Array, cut?: boolean) => Decoded;

/**
 * A decoder that takes the first charset (WHATWG label) that all bytes fit; where none fits, the first one with U+FFFD
 * for what it cannot read. Throws a RangeError for an unknown label.
 */
export function createDecoder(labels: readonly string[]): Decoder {
  const encodings = labels.map((label) => new TextDecoder(label, { fatal: true }).encoding);
  const [first = 'utf-8'] = encodings;
  return function decode(bytes, cut = false) {
    for (const encoding of encodings) {
      const text = decodeStrictly(bytes, encoding, cut);
      if (text !== undefined) return { text, encoding };
    }
    return {
      text: new TextDecoder(first, { ignoreBOM: true }).decode(bytes, { stream: cut }),
      encoding: first,
    };
  };
}

// A decoder of its own for each text: after a half character at the end it would carry that into the next text.
function decodeStrictly(bytes: Uint8Array, encoding: string, cut: boolean): string | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
    return WITHOUT_C1.has(encoding) && C1_CONTROL.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

// Node decodes by the tables of ICU, where the lead bytes of Shift_JIS are control characters of these encodings. By the tables
// of the WHATWG (encoding.spec.whatwg.org) such a byte fits none of them.
const WITHOUT_C1: ReadonlySet<string> = new Set(['euc-jp', 'euc-kr', 'big5']);
const C1_CONTROL = /[\x80-\x9f]/;
