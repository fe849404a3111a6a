import { cutEnd, cutMiddle, leftOutMark } from '../platform/text/middle-cut.ts';
import type { Decoder } from '../platform/text/charset.ts';

/** What a script printed, as raw bytes: all of it, or its two ends. */
export interface CheckOutput {
  readonly head: Buffer;
  /** Empty if nothing was left out. */
  readonly tail: Buffer;
  /** Length of the whole output. */
  readonly bytes: number;
}

/** An output as people read it. */
export interface ShownOutput {
  readonly text: string;
  readonly encoding: string;
  /** Whether something was left out. */
  readonly isTruncated: boolean;
}

const NOTHING = Buffer.alloc(0);

/** An output of which nothing is left out. */
export function wholeOutput(bytes: Buffer): CheckOutput {
  return { head: bytes, tail: NOTHING, bytes: bytes.length };
}

/** The output, or at most so many bytes of its ends. The copy does not keep the longer one in memory. */
export function shorten(output: CheckOutput, maxBytes: number): CheckOutput {
  if (keptBytes(output) <= maxBytes) return output;
  const { head, tail } = cutMiddle(output.head, maxBytes, isWhole(output) ? output.head : output.tail);
  return { head: Buffer.from(head), tail: Buffer.from(tail), bytes: output.bytes };
}

/** How much of an output is in memory. */
export function keptBytes({ head, tail }: CheckOutput): number {
  return head.length + tail.length;
}

/** The bytes as the script printed them, with a mark where some were left out. */
export function rawText(output: CheckOutput): Buffer {
  if (isWhole(output)) return output.head;
  const mark = leftOutMark(output.bytes - keptBytes(output), output.bytes);
  return Buffer.concat([output.head, Buffer.from(mark), output.tail]);
}

/**
 * The text of an output, in at most so many bytes of UTF-8: of a longer one the two ends, with a mark between them that
 * tells how many of the script's bytes are left out. Where there is no room for the mark, the head.
 */
export function showOutput(output: CheckOutput, decode: Decoder, maxBytes: number): ShownOutput {
  const whole = isWhole(output);
  const { text, encoding } = decode(output.head, !whole);
  const start = Buffer.from(text);
  if (whole && start.length <= maxBytes) return { text, encoding, isTruncated: false };

  const room = maxBytes - Buffer.byteLength(leftOutMark(output.bytes, output.bytes));
  if (room < 0) return { text: cutEnd(start, maxBytes).toString(), encoding, isTruncated: true };
  const end = whole ? start : Buffer.from(decode(output.tail).text);
  const { head, tail } = cutMiddle(start, room, end);
  // Where the text is not the bytes one for one, what it shows counts as its share of them.
  const share = (head.length + tail.length) / Math.max(1, whole ? start.length : start.length + end.length);
  const leftOut = output.bytes - Math.round(keptBytes(output) * share);
  return {
    text: `${head.toString()}${leftOutMark(leftOut, output.bytes)}${tail.toString()}`,
    encoding,
    isTruncated: true,
  };
}

function isWhole({ head, bytes }: CheckOutput): boolean {
  return head.length === bytes;
}
