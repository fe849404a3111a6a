import { abridged } from '../../platform/abridged.ts';
import { textOf } from './go-json.ts';
import { isJson } from './json-check.ts';
import { OPEN_BRACE, QUOTE, walkMembers, type ByteRange } from './json-scan.ts';
import type { AlertSpan } from './spans.ts';

// Whatever is made of labels costs what they are long, and of millions of them, seconds. No rule writes such alerts.

/** Bytes of labels and annotations together. */
export const MAX_READ_BYTES = 256 * 1024;
/** Far more than any exporter has. */
const MAX_LABELS = 1_000;
/** `"a":"",` */
const BYTES_OF_LABEL = 7;

/**
 * Whether an alert has more than 256 KB of labels and annotations, or more than 1,000 labels: those are not read.
 * Throws SyntaxError where it sees that they are no JSON.
 */
export function isOversized(body: Buffer, { labels, annotations }: AlertSpan): boolean {
  return (
    lengthOf(labels) + lengthOf(annotations) > MAX_READ_BYTES ||
    (lengthOf(labels) > BYTES_OF_LABEL * MAX_LABELS && countMembers(body, labels) > MAX_LABELS)
  );
}

/**
 * A sentence that says what Alertmanager has against the labels or annotations, or undefined: as readLabels and
 * readAnnotations say it, but without making anything of them. Throws SyntaxError where they are no JSON.
 */
export function problemOfUnread(
  body: Buffer,
  member: 'labels' | 'annotations',
  span: ByteRange | undefined,
): string | undefined {
  if (span === undefined) return member === 'labels' ? 'labels: required' : undefined;
  if (!isJson(body, span)) throw new SyntaxError(`no JSON at byte ${span.start}`);
  if (isNull(body, span)) return member === 'labels' ? 'labels: required' : undefined;
  if (body[span.start] !== OPEN_BRACE) return `${member}: expected an object of strings`;
  let problem: string | undefined;
  let isSaying = member === 'annotations';
  walkMembers(body, span.start, (name, value) => {
    const isEmpty = lengthOf(value) === 2 || isNull(body, value);
    if (body[value.start] !== QUOTE && !isNull(body, value))
      problem ??= `${member}.${abridged(textOf(body, name))}: expected a string`;
    else if (lengthOf(name) === 2 && (member === 'annotations' || !isEmpty))
      problem ??= `${member}: a name is empty`;
    isSaying ||= !isEmpty;
  });
  return problem ?? (isSaying ? undefined : 'labels: at least one label pair required');
}

function countMembers(body: Buffer, span: ByteRange | undefined): number {
  if (span === undefined || body[span.start] !== OPEN_BRACE) return 0;
  let members = 0;
  const end = walkMembers(body, span.start, () => members++);
  if (end !== span.end) throw new SyntaxError(`no JSON at byte ${span.start}`);
  return members;
}

function lengthOf(span: ByteRange | undefined): number {
  return span === undefined ? 0 : span.end - span.start;
}

function isNull(body: Buffer, { start, end }: ByteRange): boolean {
  return end - start === 4 && body[start] === 0x6e;
}
