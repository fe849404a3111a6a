import { TextDecoder } from 'node:util';

/** Text decoded from a script's bytes, and the name of its encoding. */
export interface Decoded {
  readonly text: string;
  readonly encoding: string;
}

/** Decodes bytes; `cut` says that they may end inside a character, which is then left out. Never throws. */
export type Decoder = (bytes: Uint8Array, cut?: boolean) => Decoded;

/** A decoder that takes the first charset (WHATWG label) all bytes fit; else UTF-8 with U+FFFD for the rest. Throws a RangeError for an unknown label. */
export function createDecoder(labels: readonly string[]): Decoder {
  const encodings = labels.map((label) => new TextDecoder(label, { fatal: true }).encoding);
  return function decode(bytes, cut = false) {
    for (const encoding of encodings) {
      const text = decodeStrictly(bytes, encoding, cut);
      if (text !== undefined) return { text, encoding };
    }
    return {
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: cut }),
      encoding: 'utf-8',
    };
  };
}

// A decoder of its own for each text: after a half character at the end it would carry that into the next text.
function decodeStrictly(bytes: Uint8Array, encoding: string, cut: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
  } catch {
    return undefined;
  }
}
