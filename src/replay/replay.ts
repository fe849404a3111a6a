import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../platform/log/log.ts';
import type { CapturedBatch } from './batch.ts';

/** How one batch fared. */
export type ReplayOutcome = { readonly batch: CapturedBatch; readonly milliseconds: number } & (
  | { readonly result: 'accepted'; readonly status: number }
  | { readonly result: 'refused'; readonly status: number; readonly answer: string }
  | { readonly result: 'unreachable'; readonly error: string }
);

interface ReplayOptions {
  /** Of the proxy or of an Alertmanager, e.g. `http://127.0.0.1:9095`; a path is kept as a prefix. */
  readonly url: URL;
  /** Batches per second; as fast as they are answered if left out. */
  readonly rate: number | undefined;
  readonly repeat: number;
  /** Ends the replay after the batch under way. */
  readonly stop: AbortSignal;
}

// As long as Prometheus waits.
const TIMEOUT_MS = 10_000;
const ANSWER_LIMIT = 512;

/** Posts the batches one after the other, as Prometheus does, and yields how each fared as soon as it is known. */
export async function* replay(
  batches: readonly CapturedBatch[],
  options: ReplayOptions,
): AsyncGenerator<ReplayOutcome> {
  const { rate, repeat, stop } = options;
  const endpoint = endpointOf(options.url);
  const headers = { 'content-type': 'application/json', ...credentialsOf(options.url) };
  const start = performance.now();
  let posted = 0;
  for (let round = 0; round < repeat; round += 1) {
    for (const batch of batches) {
      if (rate !== undefined) await sleepUntil(start + (posted * 1000) / rate, stop);
      if (stop.aborted) return;
      yield await post(endpoint, headers, batch);
      posted += 1;
    }
  }
}

// As curl takes them; fetch would refuse a URL that holds them.
function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function endpointOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}/api/v2/alerts`;
}

async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
  // An abort ends the sleep early; the caller looks at the signal.
  await sleep(Math.max(time - performance.now(), 0), undefined, { signal }).catch(() => undefined);
}

async function post(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  batch: CapturedBatch,
): Promise<ReplayOutcome> {
  const start = performance.now();
  const elapsed = (): number => performance.now() - start;
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers,
      body: batch.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.text();
    const { status } = response;
    const milliseconds = elapsed();
    return response.ok
      ? { batch, milliseconds, result: 'accepted', status }
      : { batch, milliseconds, result: 'refused', status, answer: answer.slice(0, ANSWER_LIMIT) };
  } catch (error) {
    return { batch, milliseconds: elapsed(), result: 'unreachable', error: describeError(error) };
  }
}
