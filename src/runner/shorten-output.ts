import { encodeText } from '../sensu/bytes-as-text.ts';
import { writeJson } from '../sensu/json.ts';

const MARK = /\n\[output truncated: (\d+) bytes, the first \d+ kept\]\n$/;

// More than a mark takes up.
const MARK_BYTES = 128;

// Whole characters: the flag u keeps pairs of surrogates together.
const PIECES = /[^]{1,1024}/gu;

/** The start of an output and, in brackets, how much of it that is; both in bytes. */
export function markTruncated(start: string, { total, kept }: { total: number; kept: number }): string {
  return `${start}\n[output truncated: ${total} bytes, the first ${kept} kept]\n`;
}

/** Bytes that an output takes up in a line of the log, where a control character is up to six. */
export function loggedBytes(output: string): number {
  return encodeText(writeJson(output)).length;
}

/**
 * Keeps of an output what takes up `room` bytes in a line of the log, the mark included, which alone takes more than
 * no room. What was cut before still tells how much there was.
 */
export function shortenOutput(output: string, room: number): string {
  const mark = MARK.exec(output);
  const whole = mark === null ? output : output.slice(0, mark.index);
  const total = mark === null ? encodeText(whole).length : Number(mark[1]);
  const pieces: string[] = [];
  let left = room - MARK_BYTES;
  for (const piece of whole.match(PIECES) ?? []) {
    left -= loggedBytes(piece);
    if (left < 0) break;
    pieces.push(piece);
  }
  const start = pieces.join('');
  return markTruncated(start, { total, kept: encodeText(start).length });
}
