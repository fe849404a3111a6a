import type { HttpClient, HttpResult } from '../../../platform/http/http-client.ts';
import type { Extractor } from '../extract.ts';
import type { LookupResult, Reason } from '../lookup.ts';
import type { Source } from '../policy/timed.ts';

export interface HttpSourceOptions {
  readonly client: HttpClient;
  readonly extract: Extractor;
  readonly now: () => number;
}

/** Where a lookup ends: one GET to the node, and what is taken from its answer. */
export function createHttpSource({ client, extract, now }: HttpSourceOptions): Source {
  return async ({ url, span }, timeout) => {
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
    const extracted = extract({ body: result.body, contentType: result.headers['content-type'] ?? '' });
    if (typeof extracted === 'string') return { ok: false, reason: 'bad_response', detail: extracted };
    return { ok: true, output: { fetchedAt, annotations: extracted }, cached: false };
  };
}

function failureOf(result: HttpResult): Extract<LookupResult, { ok: false }> | undefined {
  if (!result.ok) return { ok: false, reason: result.failure, detail: result.detail };
  const reason = reasonOfStatus(result.status);
  return reason === undefined ? undefined : { ok: false, reason, detail: `HTTP status ${result.status}` };
}

function reasonOfStatus(status: number): Reason | undefined {
  if (status === 200) return undefined;
  if (status === 404) return 'not_found';
  if (status >= 500) return 'http_5xx';
  if (status >= 400) return 'http_4xx';
  // A redirect is not followed: it could lead anywhere. Other answers carry no output.
  return 'bad_response';
}
