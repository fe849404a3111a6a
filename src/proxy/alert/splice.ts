import type { Alert, LabelSet } from './alert.ts';
import type { Span } from './spans.ts';

/** Annotations to be written, serialized once however many alerts get them. */
export interface AnnotationSet {
  readonly entries: LabelSet;
  /** The members without braces: `"check_output":"…","check_status_text":"OK"`. */
  readonly members: Buffer;
}

/** What one alert gets; undefined: it leaves as it came. */
export interface Annotating {
  readonly annotations: AnnotationSet;
  /** Whether an annotation of the same name that the alert already has is replaced. */
  readonly overwrite: boolean;
}

/** The body that goes to Alertmanager, and where each alert lies in it, in order. */
export interface Spliced {
  readonly body: Buffer;
  readonly spans: readonly Span[];
}

const BRACKET_OPEN = Buffer.from('[');
const BRACKET_CLOSE = Buffer.from(']');
const BRACE_OPEN = Buffer.from('{');
const BRACE_CLOSE = Buffer.from('}');
const COMMA = Buffer.from(',');
const NO_ANNOTATIONS_YET = Buffer.from('"annotations":{');
const BEFORE_OTHER_MEMBERS = Buffer.from('},');

/** Serializes annotations; values must be well-formed, as sanitise makes them. */
export function createAnnotationSet(entries: LabelSet): AnnotationSet {
  return { entries, members: Buffer.from(JSON.stringify(entries).slice(1, -1)) };
}

/**
 * Puts a batch together again: each alert's own bytes, with members spliced into its annotations.
 * @param received the body that the alerts' spans point into
 * @param annotatings for each alert what it gets, in the same order
 */
export function spliceBatch(
  received: Buffer,
  alerts: readonly Alert[],
  annotatings: readonly (Annotating | undefined)[],
): Spliced {
  const parts: Buffer[] = [BRACKET_OPEN];
  const spans: Span[] = [];
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
  { annotations: own, span }: Alert,
  { annotations, overwrite }: Annotating,
): readonly Buffer[] {
  const taken = Object.keys(annotations.entries).filter((name) => Object.hasOwn(own, name));
  const isReplacing = taken.length > 0 && overwrite;
  const added =
    taken.length === 0 || overwrite ? annotations : createAnnotationSet(without(annotations.entries, taken));
  if (added.members.length === 0) return [received.subarray(span.start, span.end)];
  if (span.annotations === undefined) {
    const afterBrace = span.start + 1;
    return [
      received.subarray(span.start, afterBrace),
      NO_ANNOTATIONS_YET,
      added.members,
      BEFORE_OTHER_MEMBERS,
      received.subarray(afterBrace, span.end),
    ];
  }
  if (isReplacing || Object.keys(own).length === 0) {
    return [
      received.subarray(span.start, span.annotations.start),
      BRACE_OPEN,
      createAnnotationSet({ ...own, ...added.entries }).members,
      BRACE_CLOSE,
      received.subarray(span.annotations.end, span.end),
    ];
  }
  const beforeBrace = span.annotations.end - 1;
  return [
    received.subarray(span.start, beforeBrace),
    COMMA,
    added.members,
    received.subarray(beforeBrace, span.end),
  ];
}

function without(entries: LabelSet, names: readonly string[]): LabelSet {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}
