import type { Alert, LabelSet } from './alert.ts';
import { parseParts, type MemberParts } from './go-json.ts';
import { hashOfLabels } from './identity.ts';
import { isJson } from './bytes/validate.ts';
import { depthOf, endOfValue, MAX_DEPTH, OPEN_BRACE, OPEN_BRACKET, skipBlank } from './bytes/scan.ts';
import { FieldCache } from './field-cache.ts';
import { isGeneratorUrl, readAnnotations, readLabels } from './alert-fields.ts';
import { areLabelsOversized, isOversized, isSmall, problemOfUnread } from './oversized.ts';
import { findPrometheusSpans } from './bytes/prometheus-fast-path.ts';
import type { CachedAnnotations, CachedLabels } from './cached-fields.ts';
import { findAlertSpans, MAX_ELEMENTS, partsOf, TooManyElements, type AlertSpan } from './bytes/spans.ts';
import { parseTime, type ParsedTime } from './time.ts';

/** An element that Alertmanager would refuse, and because of which it might refuse its whole batch. */
export interface MalformedAlert {
  readonly index: number;
  readonly sentence: string;
}

/** A batch as it was sent: the alerts point into `body`. */
export interface ParsedBatch {
  readonly body: Buffer;
  readonly alerts: readonly Alert[];
  readonly malformed: readonly MalformedAlert[];
}

/** The body is no JSON array, or one without end: nothing in it is forwarded. */
export class BatchSyntaxError extends Error {
  override readonly name = 'BatchSyntaxError' as const;
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * Reads the body of `POST /api/v2/alerts`. Elements that Alertmanager would refuse are set apart, so that they cannot
 * take their neighbours with them. Throws BatchSyntaxError.
 * @param memory what was read before under the same bytes
 */
export function parseBatch(received: Buffer, memory = new FieldCache()): ParsedBatch {
  // Alertmanager refuses a byte order mark; without it the batch is as good as any.
  const body = received.subarray(0, 3).equals(BYTE_ORDER_MARK) ? received.subarray(3) : received;
  const text = body.toString('latin1');
  memory.beginBatch();
  return readAsFromPrometheus(body, text, memory) ?? readAnyForm(body, text, memory);
}

// A mark inside a value has misled the search, or the body is no JSON: the careful way finds out which.
function readAsFromPrometheus(body: Buffer, text: string, memory: FieldCache): ParsedBatch | undefined {
  const spans = findPrometheusSpans(text);
  try {
    return spans && readBatch(body, text, spans, memory);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readAnyForm(body: Buffer, text: string, memory: FieldCache): ParsedBatch {
  try {
    return readBatch(body, text, findAlertSpans(body), memory);
  } catch (error) {
    if (error instanceof TooManyElements)
      throw new BatchSyntaxError(`the body holds more than ${MAX_ELEMENTS} elements`, { cause: error });
    if (error instanceof SyntaxError) throw new BatchSyntaxError(whatItIs(body), { cause: error });
    throw error;
  }
}

function readBatch(body: Buffer, text: string, spans: readonly AlertSpan[], memory: FieldCache): ParsedBatch {
  const alerts: Alert[] = [];
  const malformed: MalformedAlert[] = [];
  spans.forEach((span, index) => {
    const alert = readElement(body, text, span, memory);
    if (typeof alert === 'string') malformed.push({ index, sentence: alert });
    else alerts.push(alert);
  });
  return { body, alerts, malformed };
}

function readElement(body: Buffer, text: string, span: AlertSpan, memory: FieldCache): Alert | string {
  // Before anything of it is parsed: of 32 MB of brackets JSON.parse would make gigabytes.
  if (span.end - span.start > MAX_DEPTH && depthOf(body, span) > MAX_DEPTH) return 'nested too deeply';
  if (span.form !== 'plain' && !isJson(body, span)) throw new SyntaxError(`no JSON at byte ${span.start}`);
  if (body[span.start] !== OPEN_BRACE) return 'expected an object';
  if (span.form !== 'odd' && isSmall(span)) return readPlain(text, span, memory);
  const parts = partsOf(body, span);
  if (isOversized(body, parts)) return readOversized(body, span, parts);
  return span.form === 'odd' ? readOdd(body, span, parts) : readPlain(text, span, memory);
}

// Member by member: mostly all but the times have been read before.
function readPlain(text: string, span: AlertSpan, memory: FieldCache): Alert | string {
  const labels = memory.labels(text, span.labels);
  const annotations = memory.annotations(text, span.annotations, labels);
  const times = readTimes(memory.time(text, span.startsAt), memory.time(text, span.endsAt));
  const isUrl = memory.isGeneratorUrl(text, span.generatorURL);
  // Only now: a member that is no JSON makes the whole body none, whatever else is wrong.
  if (typeof labels === 'string') return labels;
  if (typeof annotations === 'string') return annotations;
  if (typeof times === 'string') return times;
  if (!isUrl) return NO_URL;
  return new CachedAlert(labels, annotations, times, span);
}

const UNREAD = {
  annotations: {},
  annotationNames: [],
  annotation: () => undefined,
  isOversized: true,
} as const;

// Which alert it is, and whether Alertmanager takes it. What else is in it is nobody's business here.
function readOversized(body: Buffer, span: AlertSpan, parts: MemberParts): Alert | string {
  const labels = readOversizedLabels(body, parts);
  const problem = problemOfUnread(body, 'annotations', parts);
  const origin = readOrigin(body, parts);
  if (typeof labels === 'string') return labels;
  if (problem !== undefined) return problem;
  return typeof origin === 'string' ? origin : { ...UNREAD, ...labels, ...origin, span };
}

function readOversizedLabels(
  body: Buffer,
  parts: MemberParts,
): Pick<Alert, 'labels' | 'labelsHash'> | string {
  if (areLabelsOversized(body, parts))
    return problemOfUnread(body, 'labels', parts) ?? { labels: {}, labelsHash: hashOfLabels(body, parts) };
  const labels = readLabels(parseParts(body, 'labels', parts));
  return typeof labels === 'string' ? labels : { labels };
}

// An element with a member that is doubled or oddly spelled.
function readOdd(body: Buffer, span: AlertSpan, parts: MemberParts): Alert | string {
  const labels = readLabels(parseParts(body, 'labels', parts));
  if (typeof labels === 'string') return labels;
  const annotations = readAnnotations(parseParts(body, 'annotations', parts));
  if (typeof annotations === 'string') return annotations;
  const origin = readOrigin(body, parts);
  if (typeof origin === 'string') return origin;
  const annotationNames = Object.keys(annotations);
  const annotation = (name: string): string | undefined => annotations[name];
  return { labels, annotations, annotationNames, annotation, ...origin, span, known: undefined };
}

type Times = Pick<Alert, 'startsAt' | 'endsAt'>;

const NO_TIME = 'expected an RFC 3339 time, such as 2026-11-30T12:00:00Z';
const NO_URL = 'generatorURL: expected an absolute URL or path';

function readTimes(startsAt: ParsedTime, endsAt: ParsedTime): Times | string {
  if (startsAt === 'invalid') return `startsAt: ${NO_TIME}`;
  if (endsAt === 'invalid') return `endsAt: ${NO_TIME}`;
  if (startsAt !== 'unset' && endsAt !== 'unset' && endsAt < startsAt) return 'endsAt: lies before startsAt';
  return {
    startsAt: startsAt === 'unset' ? undefined : startsAt,
    endsAt: endsAt === 'unset' ? undefined : endsAt,
  };
}

// Its times, if nothing is wrong with them or with its generatorURL.
function readOrigin(body: Buffer, parts: MemberParts): Times | string {
  const startsAt = parseTime(parseParts(body, 'startsAt', parts));
  const endsAt = parseTime(parseParts(body, 'endsAt', parts));
  const isUrl = isGeneratorUrl(parseParts(body, 'generatorURL', parts));
  const times = readTimes(startsAt, endsAt);
  return typeof times === 'string' || isUrl ? times : NO_URL;
}

class CachedAlert implements Alert {
  readonly known: CachedLabels;
  readonly startsAt: number | undefined;
  readonly endsAt: number | undefined;
  readonly span: AlertSpan;
  readonly #annotations: CachedAnnotations;

  constructor(
    known: CachedLabels,
    annotations: CachedAnnotations,
    { startsAt, endsAt }: Times,
    span: AlertSpan,
  ) {
    this.known = known;
    this.#annotations = annotations;
    this.startsAt = startsAt;
    this.endsAt = endsAt;
    this.span = span;
  }

  get labels(): LabelSet {
    return this.known.labels();
  }

  get annotationNames(): readonly string[] {
    return this.#annotations.names;
  }

  get annotations(): LabelSet {
    return this.#annotations.values();
  }

  annotation(name: string): string | undefined {
    return this.#annotations.value(name);
  }
}

// Only for the sentence.
function whatItIs(body: Buffer): string {
  const start = skipBlank(body, 0);
  if (isJson(body, { start, end: body.length })) return 'the body is JSON, but not an array of alerts';
  if (COMPRESSED.some((mark) => body.subarray(0, mark.length).equals(mark)))
    return 'the body is compressed; Alertmanager takes no compressed alerts';
  const end = endOfValue(body, start);
  if (body[start] === OPEN_BRACKET && isJson(body, { start, end }))
    return `the body goes on after the array of alerts, at byte ${skipBlank(body, end)}; it must be one JSON array`;
  return 'the body is not JSON; expected a JSON array of alerts';
}

/** How gzip and zstd begin. */
const COMPRESSED = [Buffer.from([0x1f, 0x8b]), Buffer.from([0x28, 0xb5, 0x2f, 0xfd])];
