import { formatDuration } from '../../platform/time/duration.ts';
import type { AlertStatus } from '../alert/alert.ts';
import { AnnotationSet } from '../alert/splice.ts';
import { ERROR_ANNOTATION } from './annotation-names.ts';
import type { Failure, FetchedOutput } from './lookup.ts';
import type { Reason } from './reason.ts';

const WORDS: Readonly<Record<Reason, string>> = {
  connect_timeout: 'the node did not accept a connection in time',
  timeout: 'the node did not answer in time',
  deadline: 'the answer did not come before the alert had to leave',
  refused: 'the node refused the connection',
  network: 'the connection to the node broke',
  dns: "the node's name could not be resolved",
  tls: 'no trusted TLS connection to the node',
  blocked: 'the address is not in the allow-list of the source',
  not_found: 'the node does not know this check',
  http_4xx: 'the node refused the request',
  http_5xx: 'the node answered with an error',
  too_large: 'the answer is larger than max_response',
  bad_response: 'the answer could not be understood',
  circuit_open: 'the node did not answer a moment ago and is not asked again yet',
  overloaded: 'the proxy is overloaded',
  template: "the alert's labels do not make a URL",
};

/** The sentence for the reader. It names no time but in brackets, so that two replicas write the same. */
export function sentenceOf({ reason, detail }: Pick<Failure, 'reason' | 'detail'>): string {
  return `could not fetch check output: ${wordsOf(reason, detail)}`;
}

/** The reason as people say it, and what more is known in brackets. */
export function wordsOf(reason: Reason, detail?: string): string {
  return detail === undefined ? WORDS[reason] : `${WORDS[reason]} (${detail})`;
}

/**
 * The annotations of an alert whose fetch failed: the sentence, the last known output below it,
 * and the reason code (promises 5 and 6).
 * @param name the annotation that holds the output
 */
export function failureAnnotations(
  failure: Failure,
  name: string,
  status: AlertStatus,
  now: number,
): AnnotationSet {
  const { last } = failure;
  const known = last?.annotations[status].entries ?? {};
  const text = known[name];
  const below = last === undefined || text === undefined ? '' : `\n${agedText(text, last, now)}`;
  return new AnnotationSet({
    ...known,
    [name]: sentenceOf(failure) + below,
    [ERROR_ANNOTATION]: failure.reason,
  });
}

/**
 * The annotations of an alert that changed after its output was fetched, where nobody is to be asked anew: the output is
 * marked as the last known one.
 * @param name the annotation that holds the output
 */
export function agedAnnotations(
  output: FetchedOutput,
  name: string,
  status: AlertStatus,
  now: number,
): AnnotationSet {
  const { entries } = output.annotations[status];
  return new AnnotationSet({ ...entries, [name]: agedText(entries[name] ?? '', output, now) });
}

function agedText(text: string, { fetchedAt }: FetchedOutput, now: number): string {
  return `last known output, ${ageInWords(now - fetchedAt)} old:\n${text}`;
}

// Whole seconds, then whole minutes: more would only make two re-sends differ.
function ageInWords(milliseconds: number): string {
  const unit = milliseconds < 60_000 ? 1000 : 60_000;
  return formatDuration(Math.max(1, Math.floor(milliseconds / unit)) * unit);
}
