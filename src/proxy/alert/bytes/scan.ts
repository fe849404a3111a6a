/** Half-open byte range in a body. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

// These find where a JSON value ends, byte by byte, without looking into it. They trust what they see: whoever uses a
// value must have parsed the same bytes. In something that is no JSON they still end, at the end of the body at the latest.

/** The end of the value that starts here. */
export function endOfValue(body: Buffer, start: number): number {
  const first = body[start];
  if (first === QUOTE) return endOfString(body, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(body, start);
  let position = start;
  while (position < body.length && !endsScalar(body[position])) position++;
  return position;
}

/** The end of the string whose opening quote stands here. */
function endOfString(body: Buffer, start: number): number {
  for (let position = start + 1; position < body.length; position++) {
    const byte = body[position];
    if (byte === QUOTE) return position + 1;
    if (byte === BACKSLASH) position++;
  }
  return body.length;
}

/** The first byte from here on that is no white space. */
export function skipBlank(body: Buffer, start: number): number {
  let position = start;
  while (isBlank(body[position])) position++;
  return position;
}

/** Visits the members of the object that starts here; returns its end. Throws SyntaxError where it is none. */
export function walkMembers(
  body: Buffer,
  start: number,
  visit: (key: ByteRange, value: ByteRange) => void,
): number {
  let position = skipBlank(body, start + 1);
  while (body[position] === QUOTE) {
    const key = { start: position, end: endOfString(body, position) };
    const valueStart = expectByte(body, skipBlank(body, key.end), COLON);
    const value = { start: valueStart, end: endOfValue(body, valueStart) };
    visit(key, value);
    position = skipBlank(body, value.end);
    if (body[position] !== COMMA) break;
    position = skipBlank(body, position + 1);
    // A comma before the closing brace is no JSON.
    if (body[position] !== QUOTE) throw new SyntaxError('a comma that no member follows');
  }
  return expectByte(body, position, CLOSE_BRACE, position + 1);
}

/** Go's encoding/json follows 10,000 levels; the batch is one of them. */
export const MAX_DEPTH = 9_999;

/** How deep the arrays and objects between these bytes nest. */
export function depthOf(body: Buffer, { start, end }: ByteRange): number {
  let depth = 0;
  let deepest = 0;
  for (let position = start; position < end; position++) {
    const byte = body[position];
    if (byte === QUOTE) position = endOfString(body, position) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

/** Where the next thing starts after this byte. Throws SyntaxError where there is another. */
export function expectByte(
  body: Buffer,
  position: number,
  byte: number,
  next = skipBlank(body, position + 1),
): number {
  if (body[position] === byte) return next;
  throw new SyntaxError(`expected '${String.fromCharCode(byte)}' at byte ${position}`);
}

function endOfContainer(body: Buffer, start: number): number {
  let depth = 0;
  for (let position = start; position < body.length; position++) {
    const byte = body[position];
    if (byte === QUOTE) position = endOfString(body, position) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return position + 1;
  }
  return body.length;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isBlank(byte);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
