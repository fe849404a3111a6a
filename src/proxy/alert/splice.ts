import type { Alert, LabelSet } from './alert.ts';
import type { ByteRange } from './bytes/scan.ts';
import { internedNames } from './interned-names.ts';

/** Annotations to be written, serialized once however many alerts get them. */
export class AnnotationSet {
  readonly names: readonly string[];
  /** The members without braces: `"check_output":"…","check_status_text":"OK"`. */
  readonly members: Buffer;

  /** Values must be well-formed, as sanitise makes them. */
  constructor(entries: LabelSet) {
    this.names = internedNames(Object.keys(entries));
    this.members = membersOf(entries);
  }

  /** Whether one of them has this value; parses nothing. */
  has(name: string, value: string): boolean {
    // Within a value the quotes would have backslashes.
    return this.names.includes(name) && this.members.includes(membersOf({ [name]: value }));
  }

  /** Parses them anew at each call: kept beside the members, the outputs of 100,000 alerts would take twice the memory. */
  get entries(): LabelSet {
    return JSON.parse(`{${this.members.toString()}}`) as LabelSet;
  }
}

/** What one alert gets; undefined: it leaves as it came. */
export interface AnnotationPlan {
  readonly annotations: AnnotationSet;
  /** Whether an annotation of the same name that the alert already has is replaced. */
  readonly overwrite: boolean;
}

/** The body that goes to Alertmanager, and where each alert lies in it, in order. */
export interface Spliced {
  readonly body: Buffer;
  readonly spans: readonly ByteRange[];
}

const BRACKET_OPEN = Buffer.from('[');
const BRACKET_CLOSE = Buffer.from(']');
const BRACE_OPEN = Buffer.from('{');
const BRACE_CLOSE = Buffer.from('}');
const COMMA = Buffer.from(',');
const NO_ANNOTATIONS_YET = Buffer.from('"annotations":{');
const BEFORE_OTHER_MEMBERS = Buffer.from('},');

/**
 * Puts a batch together again: each alert's own bytes, with members spliced into its annotations.
 * @param received the body that the alerts' spans point into
 * @param annotatings for each alert what it gets, in the same order
 */
export function spliceBatch(
  received: Buffer,
  alerts: readonly Alert[],
  annotatings: readonly (AnnotationPlan | undefined)[],
): Spliced {
  const parts: Buffer[] = [BRACKET_OPEN];
  const spans: ByteRange[] = [];
  let position = 1;
  const push = (part: Buffer): void => {
    parts.push(part);
    position += part.length;
  };
  alerts.forEach((alert, index) => {
    if (index > 0) push(COMMA);
    const start = position;
    const annotating = annotatings[index];
    if (annotating === undefined) push(received.subarray(alert.span.start, alert.span.end));
    else for (const part of annotatedParts(received, alert, annotating)) push(part);
    spans.push({ start, end: position });
  });
  push(BRACKET_CLOSE);
  return { body: Buffer.concat(parts, position), spans };
}

function annotatedParts(
  received: Buffer,
  alert: Alert,
  { annotations, overwrite }: AnnotationPlan,
): readonly Buffer[] {
  const { annotationNames: own, span } = alert;
  const taken = annotations.names.filter((name) => own.includes(name));
  const isReplacing = taken.length > 0 && overwrite;
  const added =
    taken.length === 0 || overwrite ? annotations.members : membersOf(without(annotations.entries, taken));
  if (added.length === 0) return [received.subarray(span.start, span.end)];
  if (span.annotations === undefined) {
    const afterBrace = span.start + 1;
    return [
      received.subarray(span.start, afterBrace),
      NO_ANNOTATIONS_YET,
      added,
      BEFORE_OTHER_MEMBERS,
      received.subarray(afterBrace, span.end),
    ];
  }
  if (isReplacing || own.length === 0) {
    return [
      received.subarray(span.start, span.annotations.start),
      BRACE_OPEN,
      isReplacing ? membersOf({ ...alert.annotations, ...annotations.entries }) : added,
      BRACE_CLOSE,
      received.subarray(span.annotations.end, span.end),
    ];
  }
  const beforeBrace = span.annotations.end - 1;
  return [received.subarray(span.start, beforeBrace), COMMA, added, received.subarray(beforeBrace, span.end)];
}

function membersOf(entries: LabelSet): Buffer {
  return Buffer.from(JSON.stringify(entries).slice(1, -1));
}

function without(entries: LabelSet, names: readonly string[]): LabelSet {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}
