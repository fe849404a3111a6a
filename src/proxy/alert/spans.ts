/** Half-open byte range in a body. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where an element of the batch lies, and where its annotations do. */
export interface AlertSpan extends Span {
  /** The value of its last `annotations` member, if it has one under just this spelling. */
  readonly annotations: Span | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const ANNOTATIONS = Buffer.from('"annotations"');

/**
 * Finds the elements of a JSON array, byte by byte, so that what is not changed need not be serialized again:
 * numbers, key order, duplicate keys and escapes of unknown fields leave as they came.
 * The body must be valid JSON and an array: JSON.parse has said so before.
 */
export function findAlertSpans(body: Buffer): AlertSpan[] {
  const spans: AlertSpan[] = [];
  let position = skipBlank(body, body.indexOf(OPEN_BRACKET) + 1);
  if (body[position] === CLOSE_BRACKET) return spans;
  for (;;) {
    const span = spanOfElement(body, position);
    spans.push(span);
    position = skipBlank(body, span.end);
    if (body[position] !== COMMA) return spans;
    position = skipBlank(body, position + 1);
  }
}

// Walks the members of one element; only the start and the end of each value matter.
function spanOfElement(body: Buffer, start: number): AlertSpan {
  if (body[start] !== OPEN_BRACE) return { start, end: endOfValue(body, start), annotations: undefined };
  let annotations: Span | undefined;
  let position = skipBlank(body, start + 1);
  while (body[position] === QUOTE) {
    const keyEnd = endOfString(body, position);
    const colon = skipBlank(body, keyEnd);
    if (body[colon] !== COLON) throw new Error('not valid JSON: a key without a colon');
    const valueStart = skipBlank(body, colon + 1);
    const valueEnd = endOfValue(body, valueStart);
    if (isAnnotationsKey(body, position, keyEnd)) annotations = { start: valueStart, end: valueEnd };
    position = skipBlank(body, valueEnd);
    if (body[position] === COMMA) position = skipBlank(body, position + 1);
  }
  return { start, end: position + 1, annotations };
}

function isAnnotationsKey(body: Buffer, start: number, end: number): boolean {
  return end - start === ANNOTATIONS.length && ANNOTATIONS.compare(body, start, end) === 0;
}

function endOfValue(body: Buffer, start: number): number {
  const first = body[start];
  if (first === QUOTE) return endOfString(body, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(body, start);
  let position = start;
  while (position < body.length && !endsScalar(body[position])) position++;
  return position;
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

function endOfString(body: Buffer, start: number): number {
  for (let position = start + 1; position < body.length; position++) {
    const byte = body[position];
    if (byte === QUOTE) return position + 1;
    if (byte === BACKSLASH) position++;
  }
  return body.length;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isBlank(byte);
}

function skipBlank(body: Buffer, start: number): number {
  let position = start;
  while (isBlank(body[position])) position++;
  return position;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
