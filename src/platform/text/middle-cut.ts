/** The two ends of a text that is too long to be kept whole. */
export interface Ends {
  readonly head: Buffer;
  readonly tail: Buffer;
}

const LINE_FEED = 0x0a;

// In UTF-8 at most three bytes follow the first byte of a code point. More of them mean another encoding.
const LONGEST_REST = [0, 1, 2, 3];

/**
 * Cuts the middle out of a text: three quarters of the bytes that stay are head, the rest is tail. Both share the text's
 * memory.
 * @param text cut between code points if it is UTF-8, else between any two bytes
 * @param last where the tail comes from, if the end of the text is stored apart from its head
 */
export function cutMiddle(text: Buffer, maxBytes: number, last = text): Ends {
  const headRoom = Math.floor((maxBytes * 3) / 4);
  return {
    head: cutEnd(text, headRoom),
    tail: last.subarray(tailStart(last, Math.max(0, last.length - (maxBytes - headRoom)))),
  };
}

/** The first bytes of a text, up to `size`, without half a code point at the end. */
export function cutEnd(text: Buffer, maxBytes: number): Buffer {
  return text.subarray(0, codePointStart(text, maxBytes));
}

/** The mark between the two ends. */
export function leftOutMark(leftOutBytes: number, allBytes: number): string {
  return `\n…[${leftOutBytes} of ${allBytes} bytes left out]…\n`;
}

function codePointStart(text: Buffer, position: number): number {
  if (position >= text.length) return text.length;
  const within = LONGEST_REST.find((bytes) => !isContinuation(text[position - bytes]));
  return position - (within ?? 0);
}

// The tail begins at a line if possible: the start of a line may be what marks the rest of it as a secret.
function tailStart(text: Buffer, position: number): number {
  if (position === 0) return 0;
  const lineStart = text.indexOf(LINE_FEED, position - 1) + 1;
  if (lineStart > 0 && lineStart < text.length) return lineStart;
  const within = LONGEST_REST.find((bytes) => !isContinuation(text[position + bytes]));
  return position + (within ?? 0);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
