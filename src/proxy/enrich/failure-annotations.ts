import { formatDuration } from '../../platform/time/duration.ts';
import type { AlertStatus } from '../alert/alert.ts';
import { AnnotationSet } from '../alert/splice.ts';
import { ERROR_ANNOTATION } from './annotation-names.ts';
import type { Failure, FetchedOutput } from './lookup.ts';
import type { Reason } from './reason.ts';

const WORDS: Readonly<Record<Reason, (node: string) => string>> = {
  connect_timeout: (node) => `${node} did not accept a connection in time`,
  timeout: (node) => `${node} did not answer in time`,
  deadline: (node) => `${node} did not answer before the alert had to leave`,
  refused: (node) => `${node} refused the connection`,
  network: (node) => `the connection to ${node} broke`,
  dns: (node) => `the name of ${node} could not be resolved`,
  tls: (node) => `no trusted TLS connection to ${node}`,
  blocked: (node) => `${node} is not in the allow-list of the source`,
  not_found: (node) => `${node} does not know this check`,
  http_4xx: (node) => `${node} refused the request`,
  http_5xx: (node) => `${node} answered with an error`,
  too_large: (node) => `the answer of ${node} is larger than max_response`,
  bad_response: (node) => `the answer of ${node} could not be understood`,
  circuit_open: (node) => `${node} did not answer a moment ago and is not asked again yet`,
  overloaded: () => 'the proxy is overloaded',
  template: () => "the alert's labels do not make a URL",
};

/** A failure, and the `host:port` that was to be asked; undefined if the labels do not name one. */
export type FailureOfHost = Pick<Failure, 'reason' | 'detail'> & { readonly host?: string | undefined };

/** The sentence for the reader. It names no time but in brackets, so that two replicas write the same. */
export function sentenceOf({ reason, detail, host }: FailureOfHost): string {
  return `could not fetch check output: ${wordsOf(reason, { host, detail })}`;
}

/** The reason as people say it, of the node that is named, and what more is known in brackets. */
export function wordsOf(
  reason: Reason,
  { host = 'the node', detail }: Partial<Pick<FailureOfHost, 'host' | 'detail'>> = {},
): string {
  const words = WORDS[reason](host);
  return detail === undefined ? words : `${words} (${detail})`;
}

/**
 * The annotations of an alert whose fetch failed: the sentence, the last known output below it,
 * and the reason code (promises 5 and 6).
 * @param name the annotation that holds the output
 */
export function failureAnnotations(
  failure: Failure & FailureOfHost,
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
