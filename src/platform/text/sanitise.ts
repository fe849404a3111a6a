import type { RE2JS } from 're2js';
import { removeInvisible } from './invisible.ts';
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

const ELLIPSIS = Buffer.from('…');
const REDACTED = '<redacted>';
/** How far beyond what the cut keeps secrets are looked for. */
const REDACTION_MARGIN = 16 * 1024;

export interface SanitiseOptions {
  readonly redact: readonly RE2JS[];
  /** Bytes of UTF-8 that the text may have, its mark included. */
  readonly maxBytes: number;
}

/** Makes a text fit for an annotation: clean, without secrets, not too long. */
export function sanitise(text: string, { redact, maxBytes }: SanitiseOptions): string {
  const clean = removeInvisible(
    text.toWellFormed().replace(/\r\n?/g, '\n').replace(TERMINAL_ESCAPES, '').replace(CONTROLS, ''),
  );
  const reach = maxBytes + REDACTION_MARGIN;
  // Secrets go before the cut: half a secret would no longer match, and still be one.
  if (redact.length === 0 || clean.length <= 2 * reach) return cut(redacted(clean, redact), maxBytes);
  // Patterns cost some 0.1 ms per KB: the middle of a long text, which is cut out anyway, is not searched.
  const head = redacted(clean.slice(0, reach), redact);
  const tail = redacted(clean.slice(-reach), redact);
  // Where secrets took up most of it, the edge of what was searched, with half a secret, comes near to what is kept.
  if (Math.min(head.length, tail.length) < maxBytes + REDACTION_MARGIN / 4)
    return cut(redacted(clean, redact), maxBytes);
  return cut(head + tail, maxBytes, Buffer.byteLength(clean.slice(reach, -reach)));
}

function redacted(text: string, redact: readonly RE2JS[]): string {
  return redact.reduce((result, regex) => regex.matcher(result).replaceAll(REDACTED), text);
}

/**
 * Keeps the head and the tail, at whole code points, with a mark between them that says what is missing. Where the
 * mark would take half of it, the head and an ellipsis.
 * @param leftOut bytes that were taken out of the middle of the text before
 */
export function cut(text: string, maxBytes: number, leftOut = 0): string {
  const bytes = Buffer.byteLength(text) + leftOut;
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
