import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MAX_DEPTH,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  BACKSLASH,
  skipBlank,
  type ByteRange,
} from './scan.ts';

// JSON.parse says it too, but makes something of what it reads: seconds for 20 MB of small members.

const NEVER = -1;
const ZERO = 0x30;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const SMALL_E = 0x65;
const SMALL_U = 0x75;
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Whether these bytes are one JSON value, perhaps with white space after it, that nests no deeper than MAX_DEPTH. */
export function isJson(body: Buffer, { start, end }: ByteRange): boolean {
  // Of the containers around the position: whether each is an object.
  const open: boolean[] = [];
  let position = start;
  for (;;) {
    position = beginningOfValue(body, position, open);
    if (position === NEVER) return false;
    position = afterValue(body, position, open);
    if (position === NEVER || position > end) return false;
    if (open.length === 0) return position === end || skipBlank(body, position) >= end;
  }
}

/** Enters what opens here; the end of a value that holds no others, or of an empty container. */
function beginningOfValue(body: Buffer, start: number, open: boolean[]): number {
  let position = start;
  for (;;) {
    const first = body[position];
    if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return endOfScalar(body, position);
    if (open.length === MAX_DEPTH) return NEVER;
    const isObject = first === OPEN_BRACE;
    position = skipBlank(body, position + 1);
    if (body[position] === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return position + 1;
    open.push(isObject);
    if (isObject) position = afterKey(body, position);
    if (position === NEVER) return NEVER;
  }
}

/** Leaves what closes here; where the next value begins, or where the outermost ends. */
function afterValue(body: Buffer, end: number, open: boolean[]): number {
  let position = end;
  for (;;) {
    const isObject = open.at(-1);
    if (isObject === undefined) return position;
    position = skipBlank(body, position);
    if (body[position] === COMMA) {
      position = skipBlank(body, position + 1);
      return isObject ? afterKey(body, position) : position;
    }
    if (body[position] !== (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return NEVER;
    open.pop();
    position += 1;
  }
}

function afterKey(body: Buffer, start: number): number {
  if (body[start] !== QUOTE) return NEVER;
  const end = endOfText(body, start);
  if (end === NEVER) return NEVER;
  const colon = skipBlank(body, end);
  return body[colon] === COLON ? skipBlank(body, colon + 1) : NEVER;
}

function endOfScalar(body: Buffer, start: number): number {
  if (body[start] === QUOTE) return endOfText(body, start);
  const word = WORDS.find((bytes) => body.subarray(start, start + bytes.length).equals(bytes));
  return word === undefined ? endOfNumber(body, start) : start + word.length;
}

function endOfText(body: Buffer, start: number): number {
  for (let position = start + 1; position < body.length; position++) {
    const byte = body[position] ?? 0;
    if (byte === QUOTE) return position + 1;
    if (byte < 0x20) return NEVER;
    if (byte !== BACKSLASH) continue;
    position += 1;
    if (body[position] === SMALL_U && isHex(body, position + 1)) position += 4;
    else if (!ESCAPED.has(body[position] ?? 0)) return NEVER;
  }
  return NEVER;
}

function isHex(body: Buffer, start: number): boolean {
  return /^[0-9a-f]{4}$/i.test(body.toString('latin1', start, start + 4));
}

function endOfNumber(body: Buffer, start: number): number {
  let position = body[start] === MINUS ? start + 1 : start;
  position = body[position] === ZERO ? position + 1 : endOfDigits(body, position);
  if (position !== NEVER && body[position] === DOT) position = endOfDigits(body, position + 1);
  if (position === NEVER || lowerCase(body[position]) !== SMALL_E) return position;
  const sign = body[position + 1];
  return endOfDigits(body, position + (sign === MINUS || sign === PLUS ? 2 : 1));
}

/** At least one. */
function endOfDigits(body: Buffer, start: number): number {
  let position = start;
  while (isDigit(body[position])) position++;
  return position === start ? NEVER : position;
}

function isDigit(byte = 0): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function lowerCase(byte = 0): number {
  return byte | 0x20;
}
