import { quoteShortened } from '../../platform/text/quote-shortened.ts';
import { textOf, type MemberParts } from './go-json.ts';
import { isJson } from './bytes/validate.ts';
import { OPEN_BRACE, QUOTE, walkMembers, type ByteRange } from './bytes/scan.ts';

// Whatever is made of labels costs what they are long, and of millions of them, seconds. No rule writes such alerts.

/** Bytes of labels and annotations together. */
const MAX_READ_BYTES = 256 * 1024;
/** Far more than any exporter has. */
const MAX_LABELS = 1_000;
/** `"a":"",` */
const BYTES_OF_LABEL = 7;

/** Whether an element is too small to be oversized, whatever is in it. */
export function isSmall({ start, end }: ByteRange): boolean {
  return end - start <= BYTES_OF_LABEL * MAX_LABELS;
}

/**
 * Whether an alert has more than 256 KB of labels and annotations, or more than 1,000 labels: it is not enriched.
 * Throws SyntaxError where it sees that they are no JSON.
 */
export function isOversized(body: Buffer, { labels, annotations }: MemberParts): boolean {
  return (
    lengthOf(labels) + lengthOf(annotations) > MAX_READ_BYTES ||
    areTooMany(body, labels) ||
    // To make one of several costs their square.
    (annotations.length > 1 && areTooMany(body, annotations))
  );
}

/** Whether the labels alone are so large that they are not read. Throws SyntaxError where it sees that they are no JSON. */
export function areLabelsOversized(body: Buffer, { labels }: MemberParts): boolean {
  return lengthOf(labels) > MAX_READ_BYTES || areTooMany(body, labels);
}

/**
 * A sentence that says what Alertmanager has against the labels or annotations, or undefined: as readLabels and
 * readAnnotations say it, but without making anything of them. Throws SyntaxError where they are no JSON.
 */
export function problemOfUnread(
  body: Buffer,
  member: 'labels' | 'annotations',
  parts: MemberParts,
): string | undefined {
  const [problem] = parts[member].flatMap((part) => problemOfPart(body, member, part) ?? []);
  if (problem !== undefined || member === 'annotations') return problem;
  // A null takes back what stood before it.
  const given = parts.labels.slice(parts.labels.findLastIndex((part) => isNull(body, part)) + 1);
  if (given.length === 0) return 'labels: required';
  return given.some((part) => hasValue(body, part)) ? undefined : 'labels: at least one label pair required';
}

function problemOfPart(body: Buffer, member: 'labels' | 'annotations', part: ByteRange): string | undefined {
  if (!isJson(body, part)) throw new SyntaxError(`no JSON at byte ${part.start}`);
  if (isNull(body, part)) return undefined;
  if (body[part.start] !== OPEN_BRACE) return `${member}: expected an object of strings`;
  const problems: string[] = [];
  walkMembers(body, part.start, (name, value) => {
    const problem = problems.length === 0 ? problemOfPair(body, member, name, value) : undefined;
    if (problem !== undefined) problems.push(problem);
  });
  return problems[0];
}

function hasValue(body: Buffer, labels: ByteRange): boolean {
  let valued = 0;
  walkMembers(body, labels.start, (_, value) => {
    if (!isEmpty(body, value)) valued++;
  });
  return valued > 0;
}

function problemOfPair(
  body: Buffer,
  member: 'labels' | 'annotations',
  name: ByteRange,
  value: ByteRange,
): string | undefined {
  if (body[value.start] !== QUOTE && !isNull(body, value))
    return `${member}.${quoteShortened(textOf(body, name))}: expected a string`;
  const isNameless = name.end - name.start === 2;
  return isNameless && (member === 'annotations' || !isEmpty(body, value))
    ? `${member}: a name is empty`
    : undefined;
}

/** Whether there are more than 1,000 members in these parts; a part after the first counts as one more. */
function areTooMany(body: Buffer, parts: readonly ByteRange[]): boolean {
  if (lengthOf(parts) + BYTES_OF_LABEL * parts.length <= BYTES_OF_LABEL * MAX_LABELS) return false;
  return parts.reduce((sum, part) => sum + countMembers(body, part), parts.length - 1) > MAX_LABELS;
}

function countMembers(body: Buffer, span: ByteRange): number {
  if (body[span.start] !== OPEN_BRACE) return 0;
  let members = 0;
  const end = walkMembers(body, span.start, () => members++);
  if (end !== span.end) throw new SyntaxError(`no JSON at byte ${span.start}`);
  return members;
}

function lengthOf(parts: readonly ByteRange[]): number {
  return parts.reduce((sum, { start, end }) => sum + end - start, 0);
}

function isEmpty(body: Buffer, value: ByteRange): boolean {
  return value.end - value.start === 2 || isNull(body, value);
}

function isNull(body: Buffer, { start, end }: ByteRange): boolean {
  return end - start === 4 && body[start] === 0x6e;
}
