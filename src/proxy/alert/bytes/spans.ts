import { findParts, memberMeantBy, MEMBERS, textOf, type MemberName, type MemberParts } from '../go-json.ts';
import {
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  endOfValue,
  expectByte,
  skipBlank,
  walkMembers,
  type ByteRange,
} from './scan.ts';

/** Where an element of the batch lies, and where the values of its members do. */
export interface AlertSpan extends ByteRange {
  readonly annotations: ByteRange | undefined;
  readonly endsAt: ByteRange | undefined;
  readonly startsAt: ByteRange | undefined;
  readonly generatorURL: ByteRange | undefined;
  readonly labels: ByteRange | undefined;
  readonly form: ElementForm;
}

/**
 * Plain: an object that has each member once, spelled just so, and no others; or with others, which nobody has looked
 * into. Odd: anything else.
 */
type ElementForm = 'plain' | 'plain-with-others' | 'odd';

type Members = Record<MemberName, ByteRange | undefined> & { form: ElementForm };

const KEYS = MEMBERS.map((name) => ({ name, bytes: Buffer.from(`"${name}"`) }));

/** Far more than Prometheus sends at a time, and than 32 MB of real alerts are. */
export const MAX_ELEMENTS = 100_000;

/** The spans of more elements would take more memory than there is. */
export class TooManyElements extends Error {
  override readonly name = 'TooManyElements' as const;
}

/**
 * Finds the elements of a JSON array, so that what is not changed need not be serialized again, and what was read
 * before need not be read again. Values are not looked into: whoever uses one must parse it.
 * Throws SyntaxError if the body is no array with elements separated by commas, or TooManyElements.
 */
export function findAlertSpans(body: Buffer): AlertSpan[] {
  const spans: AlertSpan[] = [];
  let position = expectByte(body, skipBlank(body, 0), OPEN_BRACKET);
  if (body[position] === CLOSE_BRACKET) return endOfArray(body, position, spans);
  for (;;) {
    if (spans.length === MAX_ELEMENTS) throw new TooManyElements();
    const span = spanOfElement(body, position);
    spans.push(span);
    position = skipBlank(body, span.end);
    if (body[position] === CLOSE_BRACKET) return endOfArray(body, position, spans);
    position = expectByte(body, position, COMMA);
  }
}

/** Where the values of its members lie, whatever its form. */
export function partsOf(body: Buffer, span: AlertSpan): MemberParts {
  if (span.form === 'odd') return findParts(body, span);
  return {
    annotations: onlyPart(span.annotations),
    endsAt: onlyPart(span.endsAt),
    startsAt: onlyPart(span.startsAt),
    generatorURL: onlyPart(span.generatorURL),
    labels: onlyPart(span.labels),
  };
}

function onlyPart(value: ByteRange | undefined): readonly ByteRange[] {
  return value === undefined ? [] : [value];
}

function endOfArray(body: Buffer, bracket: number, spans: AlertSpan[]): AlertSpan[] {
  if (skipBlank(body, bracket + 1) < body.length) throw new SyntaxError('text after the array');
  return spans;
}

function spanOfElement(body: Buffer, start: number): AlertSpan {
  const members = noMembers();
  if (body[start] !== OPEN_BRACE) return { start, end: endOfValue(body, start), ...members };
  members.form = 'plain';
  const end = walkMembers(body, start, (key, value) => {
    note(members, key, value, body);
  });
  return { start, end, ...members };
}

function noMembers(): Members {
  return {
    annotations: undefined,
    endsAt: undefined,
    startsAt: undefined,
    generatorURL: undefined,
    labels: undefined,
    form: 'odd',
  };
}

// Of two with the same name the last one counts.
function note(members: Members, key: ByteRange, value: ByteRange, body: Buffer): void {
  const exact = nameOfKey(body, key);
  const name = exact ?? memberMeantBy(textOf(body, key));
  if (name === undefined) {
    if (members.form === 'plain') members.form = 'plain-with-others';
    return;
  }
  if (exact === undefined || members[name] !== undefined) members.form = 'odd';
  members[name] = value;
}

function nameOfKey(body: Buffer, { start, end }: ByteRange): MemberName | undefined {
  return KEYS.find(({ bytes }) => bytes.length === end - start && holds(body, start, bytes))?.name;
}

function holds(body: Buffer, start: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) if (body[start + index] !== bytes[index]) return false;
  return true;
}
