import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  endOfString,
  endOfValue,
  skipBlank,
  type Span,
} from './json-scan.ts';

export type { Span } from './json-scan.ts';

const MEMBERS = ['annotations', 'endsAt', 'startsAt', 'generatorURL', 'labels'] as const;

export type MemberName = (typeof MEMBERS)[number];

/** Where an element of the batch lies, and where the values of its members do. */
export interface AlertSpan extends Span {
  readonly annotations: Span | undefined;
  readonly endsAt: Span | undefined;
  readonly startsAt: Span | undefined;
  readonly generatorURL: Span | undefined;
  readonly labels: Span | undefined;
  /**
   * Whether the members say all there is to know: it is an object, each of its keys is one of these,
   * spelled without escapes, and stands in it once.
   */
  readonly isPlain: boolean;
}

type Members = Record<MemberName, Span | undefined> & { isPlain: boolean };

const KEYS = MEMBERS.map((name) => ({ name, bytes: Buffer.from(`"${name}"`) }));

/**
 * Finds the elements of a JSON array, so that what is not changed need not be serialized again, and what was read
 * before need not be read again. Values are not looked into: whoever uses one must parse it.
 * Throws SyntaxError if the body is no array with elements separated by commas.
 */
export function findAlertSpans(body: Buffer): AlertSpan[] {
  const spans: AlertSpan[] = [];
  let position = expectByte(body, skipBlank(body, 0), OPEN_BRACKET);
  if (body[position] === CLOSE_BRACKET) return endOfArray(body, position, spans);
  for (;;) {
    const span = spanOfElement(body, position);
    spans.push(span);
    position = skipBlank(body, span.end);
    if (body[position] === CLOSE_BRACKET) return endOfArray(body, position, spans);
    position = expectByte(body, position, COMMA);
  }
}

function endOfArray(body: Buffer, bracket: number, spans: AlertSpan[]): AlertSpan[] {
  if (skipBlank(body, bracket + 1) < body.length) throw new SyntaxError('text after the array');
  return spans;
}

function spanOfElement(body: Buffer, start: number): AlertSpan {
  const members = noMembers();
  if (body[start] !== OPEN_BRACE) return { start, end: endOfValue(body, start), ...members };
  members.isPlain = true;
  let position = skipBlank(body, start + 1);
  while (body[position] === QUOTE) {
    const keyEnd = endOfString(body, position);
    const valueStart = expectByte(body, skipBlank(body, keyEnd), COLON);
    const value = { start: valueStart, end: endOfValue(body, valueStart) };
    note(members, nameOfKey(body, position, keyEnd), value);
    position = skipBlank(body, value.end);
    if (body[position] !== COMMA) break;
    position = skipBlank(body, position + 1);
    // A comma before the closing brace is no JSON.
    if (body[position] !== QUOTE) throw new SyntaxError('a comma that no member follows');
  }
  return { start, end: expectByte(body, position, CLOSE_BRACE, position + 1), ...members };
}

function noMembers(): Members {
  return {
    annotations: undefined,
    endsAt: undefined,
    startsAt: undefined,
    generatorURL: undefined,
    labels: undefined,
    isPlain: false,
  };
}

// Of two with the same name the last one counts, for JSON.parse and for Go.
function note(members: Members, name: MemberName | undefined, value: Span): void {
  if (name === undefined) {
    members.isPlain = false;
    return;
  }
  if (members[name] !== undefined) members.isPlain = false;
  members[name] = value;
}

function nameOfKey(body: Buffer, start: number, end: number): MemberName | undefined {
  return KEYS.find(({ bytes }) => bytes.length === end - start && holds(body, start, bytes))?.name;
}

function holds(body: Buffer, start: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) if (body[start + index] !== bytes[index]) return false;
  return true;
}

// Returns where the next thing starts.
function expectByte(
  body: Buffer,
  position: number,
  byte: number,
  next = skipBlank(body, position + 1),
): number {
  if (body[position] === byte) return next;
  throw new SyntaxError(`expected '${String.fromCharCode(byte)}' at byte ${position}`);
}
