import { crc32c } from './crc32c.ts';
import { uncompress } from 'snappyjs';
import { ExpositionError } from './metric-family.ts';

// google/snappy framing_format.txt
const STREAM_IDENTIFIER = Buffer.from('\xff\x06\x00\x00sNaPpY', 'latin1');
const CHUNK_HEADER = 4;
const CHECKSUM = 4;
const MAX_CHUNK = 65_536;

/** The body would be larger than allowed once it is unpacked. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Unpacks snappy, framed or (as some clients send it) a bare block. Throws an ExpositionError or a TooLargeError. */
export function unpackSnappy(body: Buffer, maxBytes: number): Buffer {
  if (body.length === 0) return body;
  return body.subarray(0, STREAM_IDENTIFIER.length).equals(STREAM_IDENTIFIER)
    ? unpackFrames(body, maxBytes)
    : unpackBlock(body, maxBytes);
}

function unpackFrames(body: Buffer, maxBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (const { type, content } of chunksOf(body)) {
    if (type === 0xff) {
      if (!content.equals(STREAM_IDENTIFIER.subarray(CHUNK_HEADER))) throw corrupt();
    } else if (type === 0x00 || type === 0x01) {
      const piece = unpackChunk(type, content);
      bytes += piece.length;
      if (bytes > maxBytes) throw new TooLargeError();
      pieces.push(piece);
    } else if (type < 0x80) throw corrupt();
  }
  return Buffer.concat(pieces);
}

function* chunksOf(body: Buffer): Generator<{ type: number; content: Buffer }> {
  for (let at = 0; at < body.length;) {
    if (at + CHUNK_HEADER > body.length) throw corrupt();
    const start = at + CHUNK_HEADER;
    const end = start + body.readUIntLE(at + 1, 3);
    if (end > body.length) throw corrupt();
    yield { type: body.readUInt8(at), content: body.subarray(start, end) };
    at = end;
  }
}

function unpackChunk(type: number, content: Buffer): Buffer {
  if (content.length < CHECKSUM) throw corrupt();
  const data = content.subarray(CHECKSUM);
  const piece = type === 0x00 ? unpackBlock(data, MAX_CHUNK) : data;
  if (piece.length > MAX_CHUNK || maskedChecksum(piece) !== content.readUInt32LE(0)) throw corrupt();
  return piece;
}

function unpackBlock(data: Buffer, maxBytes: number): Buffer {
  if (announcedLength(data) > maxBytes) throw new TooLargeError();
  try {
    return Buffer.from(uncompress(data));
  } catch (cause) {
    throw corrupt(cause);
  }
}

// Before anything is unpacked: a block begins with its length, seven bits a byte.
function announcedLength(data: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = data[at];
    if (byte === undefined) throw corrupt();
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return length;
  }
  throw corrupt();
}

function maskedChecksum(data: Buffer): number {
  const checksum = crc32c(data);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

function corrupt(cause?: unknown): ExpositionError {
  return new ExpositionError('snappy: corrupt input', { cause });
}
