import type { LabelSet } from '../../alertmanager-api/matcher.ts';
import { sanitise } from '../../platform/text/sanitise.ts';
import type { MemberAlert, MemberSilence, Sample, SilenceMatcher, SilenceState } from '../model/member.ts';
import { isObject } from '../../platform/json/is-object.ts';

// By hand instead of by schema: 20,000 elements every 15 s. Each returns undefined for what cannot be used.

/** What describes an alert in one text, the best first. */
const EXCERPTS = ['check_output', 'summary', 'description', 'message', 'title'];

/** An element of `GET /api/v2/alerts`; the excerpt has at most so many characters. */
export function parseAlert(element: unknown, maxExcerpt: number): MemberAlert | undefined {
  if (!isObject(element)) return undefined;
  const { fingerprint, labels, annotations, status } = element;
  const startsAt = timeOf(element['startsAt']);
  if (typeof fingerprint !== 'string' || !/^[\w-]{1,64}$/.test(fingerprint)) return undefined;
  if (!isLabelSet(labels) || startsAt === undefined || !isObject(status)) return undefined;
  const texts = isLabelSet(annotations) ? annotations : {};
  return {
    fingerprint,
    labels,
    // A new alert is "unprocessed" for a moment; it notifies, if nothing comes between.
    state: status['state'] === 'suppressed' ? 'suppressed' : 'active',
    silencedBy: textsOf(status['silencedBy']),
    inhibitedBy: textsOf(status['inhibitedBy']),
    receivers: namesOf(element['receivers']),
    startsAt,
    updatedAt: timeOf(element['updatedAt']) ?? startsAt,
    generatorUrl: typeof element['generatorURL'] === 'string' ? element['generatorURL'] : '',
    excerpt: excerptOf(texts, maxExcerpt),
    checkStatus: statusOf(texts['check_status']),
  };
}

/** An element of `GET /api/v2/silences`. */
export function parseSilence(element: unknown): MemberSilence | undefined {
  if (!isObject(element) || !isObject(element['status'])) return undefined;
  const { id, comment = '', createdBy = '', status, annotations } = element;
  const [startsAt, endsAt] = [timeOf(element['startsAt']), timeOf(element['endsAt'])];
  const matchers = matchersOf(element['matchers']);
  const state = status['state'];
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id) || !isState(state)) return undefined;
  if (typeof comment !== 'string' || typeof createdBy !== 'string') return undefined;
  if (startsAt === undefined || endsAt === undefined || matchers === undefined) return undefined;
  const updatedAt = timeOf(element['updatedAt']) ?? startsAt;
  const kept = isLabelSet(annotations) ? annotations : undefined;
  return { id, state, matchers, createdBy, comment, startsAt, endsAt, updatedAt, annotations: kept };
}

/** An element of the result of an instant query. */
export function parseSample(element: unknown): Sample | undefined {
  if (!isObject(element) || !isLabelSet(element['metric']) || !Array.isArray(element['value']))
    return undefined;
  const [, text] = element['value'] as unknown[];
  // Prometheus writes values as text: "NaN" and "+Inf" are no JSON numbers.
  if (typeof text !== 'string') return undefined;
  const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
  return { labels: element['metric'], value };
}

function excerptOf(annotations: LabelSet, maxExcerpt: number): string {
  const name = EXCERPTS.find((candidate) => (annotations[candidate] ?? '') !== '');
  const text = name === undefined ? '' : (annotations[name] ?? '');
  // Four bytes are the longest character: the cut is the slice.
  return sanitise(text.slice(0, maxExcerpt), { redact: [], maxBytes: maxExcerpt * 4 }).trim();
}

function statusOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function matchersOf(value: unknown): SilenceMatcher[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const matchers = value.map((matcher: unknown): SilenceMatcher | undefined => {
    if (!isObject(matcher)) return undefined;
    const { name, value: wanted, isRegex, isEqual = true } = matcher;
    if (typeof name !== 'string' || typeof wanted !== 'string') return undefined;
    return { name, value: wanted, isRegex: isRegex === true, isEqual: isEqual !== false };
  });
  const valid = matchers.filter((matcher) => matcher !== undefined);
  return valid.length === matchers.length ? valid : undefined;
}

function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) =>
    isObject(entry) && typeof entry['name'] === 'string' ? [entry['name']] : [],
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function isState(value: unknown): value is SilenceState {
  return value === 'active' || value === 'pending' || value === 'expired';
}

function isLabelSet(value: unknown): value is LabelSet {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}
