import type { HttpClient, HttpResult } from '../../../platform/http/http-client.ts';
import { describeStatus } from '../../../platform/http/redirect.ts';
import type { BatchExtractor, Extracted, Extractor, ResponseBody } from '../extract.ts';
import type { Failure, LookupResult, Parts, Query, Source } from '../lookup.ts';
import type { Reason } from '../reason.ts';

/** A usual answer takes a millisecond. */
const READING_BUDGET_MS = 100;

export interface HttpSourceOptions<E> {
  readonly client: HttpClient;
  readonly extract: E;
  readonly now: () => number;
}

/** Where a lookup ends: one GET to the node, and what is taken from its answer. */
export function createHttpSource({ extract, ...options }: HttpSourceOptions<Extractor>): Source {
  return createFetch(options, (response, fetchedAt) => resultOf(extract(response), fetchedAt));
}

/** The same for an answer about several checks. */
export function createHttpBatchSource({
  extract,
  ...options
}: HttpSourceOptions<BatchExtractor>): Source<Parts> {
  return createFetch(options, (response, fetchedAt, { names = [] }) => {
    const extracted = extract(response, names);
    if (typeof extracted === 'string') return unreadable(extracted);
    const parts = [...extracted].map(([name, part]) => [name, resultOf(part, fetchedAt)] as const);
    return { ok: true, output: new Map(parts), cached: false };
  });
}

function createFetch<T>(
  { client, now }: Pick<HttpSourceOptions<unknown>, 'client' | 'now'>,
  read: (response: ResponseBody, fetchedAt: number, query: Query) => LookupResult<T>,
): Source<T> {
  return async (query, timeout) => {
    const { url, span } = query;
    // What the answer says was true no earlier than now.
    const fetchedAt = now();
    const result = await client.request({
      method: 'GET',
      url,
      headers: { accept: 'application/json, text/plain;q=0.9' },
      timeout,
      span,
    });
    const failure = failureOf(result);
    if (failure !== undefined || !result.ok) return failure ?? { ok: false, reason: 'network' };
    const response = { body: result.body, contentType: result.headers['content-type'] ?? '' };
    return withinBudget(() => read(response, fetchedAt, query));
  };
}

// While an answer is read, everything else in the process stands still: timers, probes, the alerts of other nodes.
function withinBudget<T>(read: () => LookupResult<T>): LookupResult<T> {
  const startedAt = performance.now();
  const result = read();
  if (performance.now() - startedAt <= READING_BUDGET_MS) return result;
  return { ...unreadable(`it took more than ${READING_BUDGET_MS} ms to read`), isCostly: true };
}

function resultOf(extracted: Extracted, fetchedAt: number): LookupResult {
  if (typeof extracted === 'string') return unreadable(extracted);
  return { ok: true, output: { fetchedAt, ...extracted }, cached: false };
}

function unreadable(detail: string): Failure {
  return { ok: false, reason: 'bad_response', detail };
}

function failureOf(result: HttpResult): Failure | undefined {
  if (!result.ok) return { ok: false, reason: result.failure, detail: result.detail };
  const reason = reasonOfStatus(result.status);
  if (reason === undefined) return undefined;
  return { ok: false, reason, detail: describeStatus(result.status, result.headers) };
}

function reasonOfStatus(status: number): Reason | undefined {
  if (status === 200) return undefined;
  if (status === 404) return 'not_found';
  if (status >= 500) return 'http_5xx';
  if (status >= 400) return 'http_4xx';
  // A redirect is not followed: it could lead anywhere. Other answers carry no output.
  return 'bad_response';
}
