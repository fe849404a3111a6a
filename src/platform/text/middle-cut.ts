/** The two ends of a text that is too long to be kept whole. */
export interface Ends {
  readonly head: Buffer;
  readonly tail: Buffer;
}

const LINE_FEED = 0x0a;

// Of a code point no more than three bytes follow the first; where there are more of that kind, it is another encoding.
const LONGEST_REST = [0, 1, 2, 3];

/**
 * The ends of a text of which so many bytes are kept: three quarters of them head, the rest tail. They share the memory
 * of the text.
 * @param text cut between code points if it is UTF-8; other bytes are cut where it comes
 * @param last where the tail is taken from, if the end of the text is at hand apart from its head
 */
export function cutMiddle(text: Buffer, maxBytes: number, last = text): Ends {
  const headRoom = Math.floor((maxBytes * 3) / 4);
  return {
    head: cutEnd(text, headRoom),
    tail: last.subarray(tailStart(last, Math.max(0, last.length - (maxBytes - headRoom)))),
  };
}

/** The head of a text, of at most so many bytes, without half a code point at its end. */
export function cutEnd(text: Buffer, maxBytes: number): Buffer {
  return text.subarray(0, codePointStart(text, maxBytes));
}

/** What stands between the two ends. */
export function leftOutMark(leftOutBytes: number, allBytes: number): string {
  return `\n…[${leftOutBytes} of ${allBytes} bytes left out]…\n`;
}

function codePointStart(text: Buffer, position: number): number {
  if (position >= text.length) return text.length;
  const within = LONGEST_REST.find((bytes) => !isContinuation(text[position - bytes]));
  return position - (within ?? 0);
}

// A tail begins with a line if it can: what stood before in the line may be what marks the rest as a secret.
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
