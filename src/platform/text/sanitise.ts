import type { RE2JS } from 're2js';
import { cutEnd, cutMiddle, leftOutMark } from './middle-cut.ts';

/* eslint-disable no-control-regex -- terminal escapes and control characters are what is looked for. */
// ECMA-48: colours and cursor, titles and links, and the rest, such as the `ESC ( B` of tput.
const TERMINAL_ESCAPES = new RegExp(
  [
    /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/,
    /(?:\u001b\]|\u009d)[^\u0007\u001b\u009c\u009d]*(?:\u0007|\u001b\\|\u009c)/,
    /\u001b[#%(-/]?[0-~]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
// All control characters but tab and line feed.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/* eslint-enable no-control-regex */
// Embeddings, overrides and isolates of the bidirectional algorithm (UAX #9): they show text in another order.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

const ELLIPSIS = Buffer.from('…');
const REDACTED = '<redacted>';

export interface SanitiseOptions {
  readonly redact: readonly RE2JS[];
  /** Bytes of UTF-8 that the text may have, its mark included. */
  readonly maxBytes: number;
}

/** Makes a text fit for an annotation: clean, without secrets, not too long. */
export function sanitise(text: string, { redact, maxBytes }: SanitiseOptions): string {
  const clean = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(TERMINAL_ESCAPES, '')
    .replace(CONTROLS, '')
    .replace(DIRECTIONS, '');
  // Secrets go before the cut: half a secret would no longer match, and still be one.
  const harmless = redact.reduce((result, regex) => regex.matcher(result).replaceAll(REDACTED), clean);
  return cut(harmless, maxBytes);
}

/**
 * Keeps the head and the tail, at whole code points, with a mark between them that says what is missing. Where the
 * mark would take half of it, the head and an ellipsis.
 */
export function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  const room = maxBytes - Buffer.byteLength(leftOutMark(bytes, bytes));
  if (room < maxBytes / 2) {
    const head = cutEnd(Buffer.from(text), Math.max(0, maxBytes - ELLIPSIS.length)).toString();
    return maxBytes < ELLIPSIS.length ? head : `${head}${ELLIPSIS.toString()}`;
  }
  const { head, tail } = cutMiddle(Buffer.from(text), room);
  const mark = leftOutMark(bytes - head.length - tail.length, bytes);
  return `${head.toString()}${mark}${tail.toString()}`;
}
