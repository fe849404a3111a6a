import type { Alert, LabelSet } from './alert.ts';
import { isRequestUri } from './generator-url.ts';
import { findAlertSpans, type AlertSpan } from './spans.ts';
import { parseTime, type ParsedTime } from './time.ts';

/** An element that Alertmanager would refuse, and because of which it might refuse its whole batch. */
export interface MalformedAlert {
  readonly index: number;
  readonly sentence: string;
}

/** A batch as it was sent: the alerts point into `body`. */
export interface Batch {
  readonly body: Buffer;
  readonly alerts: readonly Alert[];
  readonly malformed: readonly MalformedAlert[];
}

/** The body is no JSON array: there is nothing in it to forward. */
export class BatchSyntaxError extends Error {
  override readonly name = 'BatchSyntaxError' as const;
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * Reads the body of `POST /api/v2/alerts`. Elements that Alertmanager's schema (api/v2/openapi.yaml) or its
 * Alert.Validate would refuse are set apart, so that they cannot take their neighbours with them.
 * Throws BatchSyntaxError.
 */
export function parseBatch(received: Buffer): Batch {
  // Alertmanager refuses a byte order mark; without it the batch is as good as any.
  const body = received.subarray(0, 3).equals(BYTE_ORDER_MARK) ? received.subarray(3) : received;
  const elements = parseArray(body);
  const spans = findAlertSpans(body);
  const alerts: Alert[] = [];
  const malformed: MalformedAlert[] = [];
  const reader = createReader();
  elements.forEach((element, index) => {
    const span = spans[index];
    if (span === undefined) throw new Error(`no span for element ${index} of ${elements.length}`);
    const alert = reader(element, span);
    if (typeof alert === 'string') malformed.push({ index, sentence: alert });
    else alerts.push(alert);
  });
  return { body, alerts, malformed };
}

function parseArray(body: Buffer): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new BatchSyntaxError('the body is not JSON; expected a JSON array of alerts', { cause: error });
  }
  if (!Array.isArray(value)) throw new BatchSyntaxError('the body is JSON, but not an array of alerts');
  return value;
}

/** Reads one element: the alert, or a sentence that says what is wrong with it. */
type AlertReader = (element: unknown, span: AlertSpan) => Alert | string;

// By hand: a schema library over every label of every alert costs more than parsing the JSON.
// Alerts of one rule share their times and their URL, so each of these is looked at once per batch.
function createReader(): AlertReader {
  const timeOf = remembered<ParsedTime>(parseTime);
  const isUri = remembered(isGeneratorUrl);
  return (element, span) => {
    if (!isObject(element)) return 'expected an object';
    const { labels, annotations, generatorURL } = element;
    const problem = problemOfLabels(labels) ?? problemOfStrings('annotations', annotations);
    if (problem !== undefined) return problem;
    const startsAt = timeOf(element['startsAt']);
    if (startsAt === 'invalid') return 'startsAt: expected an RFC 3339 time';
    const endsAt = timeOf(element['endsAt']);
    if (endsAt === 'invalid') return 'endsAt: expected an RFC 3339 time';
    if (startsAt !== 'unset' && endsAt !== 'unset' && endsAt < startsAt)
      return 'endsAt: lies before startsAt';
    if (!isUri(generatorURL)) return 'generatorURL: expected an absolute URL or path';
    return {
      labels: labels as LabelSet,
      annotations: (annotations ?? {}) as LabelSet,
      startsAt: startsAt === 'unset' ? undefined : startsAt,
      endsAt: endsAt === 'unset' ? undefined : endsAt,
      span,
    };
  };
}

function remembered<T>(read: (value: unknown) => T): (value: unknown) => T {
  const known = new Map<unknown, T>();
  return (value) => {
    let result = known.get(value);
    if (result === undefined) known.set(value, (result = read(value)));
    return result;
  };
}

function problemOfLabels(labels: unknown): string | undefined {
  if (labels === undefined || labels === null) return 'labels: required';
  const problem = problemOfStrings('labels', labels);
  if (problem !== undefined) return problem;
  return hasValue(labels as LabelSet) ? undefined : 'labels: at least one label pair required';
}

// A null value is the empty string for Alertmanager; it stays in the body as it is.
function problemOfStrings(member: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return `${member}: expected an object of strings`;
  for (const name of Object.keys(value)) {
    const item = value[name];
    if (typeof item === 'string') continue;
    if (item !== null) return `${member}.${name}: expected a string`;
    value[name] = '';
  }
  return undefined;
}

function hasValue(labels: LabelSet): boolean {
  for (const name of Object.keys(labels)) if (labels[name] !== '') return true;
  return false;
}

function isGeneratorUrl(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'string' && isRequestUri(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
