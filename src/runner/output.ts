import type { Readable } from 'node:stream';
import { decodeText } from '../sensu/bytes-as-text.ts';
import { markTruncated } from './shorten-output.ts';

export interface CollectedOutput {
  /** Resolves when nobody can write any more. */
  readonly ended: Promise<unknown>;
  /** What was written, any bytes; after `limit` bytes a line in brackets instead of the rest. */
  text(): string;
}

/** Reads a stream to its end and keeps its first `limit` bytes: a check that writes for ever costs no memory. */
export function collectOutput(stream: Readable, limit: number): CollectedOutput {
  const chunks: Buffer[] = [];
  let kept = 0;
  let total = 0;
  // An error ends the stream too; what it was matters to nobody.
  stream.on('error', () => undefined);
  const ended = new Promise((resolve) => stream.once('close', resolve));
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (kept === limit) return;
    const part = chunk.subarray(0, limit - kept);
    kept += part.length;
    chunks.push(part);
  });
  return {
    ended,
    text: () => {
      const bytes = Buffer.concat(chunks);
      if (total === kept) return decodeText(bytes);
      const whole = bytes.subarray(0, wholeCharacters(bytes));
      return markTruncated(decodeText(whole), { total, kept: whole.length });
    },
  };
}

// The length without the start of a UTF-8 character whose rest was cut off.
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (size > back) return bytes.length - back;
    if (size > 0) break;
  }
  return bytes.length;
}
