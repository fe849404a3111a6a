import type { HttpResult } from '../../platform/http/http-client.ts';
import { describeStatus } from '../../platform/http/redirect.ts';

/** What became of a delivery at one Alertmanager. */
export type DeliveryOutcome =
  | { readonly kind: 'accepted' }
  /** A 4xx: sending it again would change nothing. */
  | { readonly kind: 'rejected'; readonly status: number; readonly body: Buffer }
  /** No answer, or one that may be better next time; `retryAfter`: milliseconds that it asks to be left alone. */
  | { readonly kind: 'failed'; readonly sentence: string; readonly retryAfter?: number | undefined };

/** What a POST came to. */
export interface Settlement {
  readonly outcome: DeliveryOutcome;
  /** Whether a failure may lie in the alerts. */
  readonly mayLieInAlerts: boolean;
  /** When it was over, in milliseconds of the monotonic clock. */
  readonly now: number;
}

/**
 * The one place that decides what is worth a retry.
 * @param wallTime milliseconds since 1970, for a Retry-After that names a date
 */
export function outcomeOf(result: HttpResult, wallTime: number): DeliveryOutcome {
  if (result.ok) {
    const outcome = outcomeOfStatus(
      result.status,
      result.body,
      describeStatus(result.status, result.headers),
    );
    if (outcome.kind !== 'failed') return outcome;
    return { ...outcome, retryAfter: parseRetryAfter(result.headers['retry-after'], wallTime) };
  }
  const { status, failure, detail } = result;
  if (status === undefined) return { kind: 'failed', sentence: `${failure}: ${detail}` };
  // The status decides, however much was said beside it: a refusal that is too long to read is not worth a retry.
  return outcomeOfStatus(status, Buffer.from(detail));
}

function outcomeOfStatus(status: number, body: Buffer, sentence = `HTTP status ${status}`): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { kind: 'rejected', status, body };
  }
  return { kind: 'failed', sentence };
}

// RFC 9110, 10.2.3: seconds, or a date.
function parseRetryAfter(value: string | undefined, wallTime: number): number | undefined {
  if (value === undefined) return undefined;
  const milliseconds = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - wallTime;
  return milliseconds > 0 ? milliseconds : undefined;
}

/** Whether a failure may lie in the alerts, not in the Alertmanager: it had got them. */
export function mayLieInAlerts(result: HttpResult): boolean {
  if (result.status !== undefined) return result.status >= 500;
  return !result.ok && (result.failure === 'timeout' || result.failure === 'network');
}

/** Whether less may be taken where so much was refused. */
export function isTooLarge(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'rejected' && outcome.status === 413;
}

/** What became of a delivery whose parts went two ways: accepted only if both were. */
export function worseOf(one: DeliveryOutcome, other: DeliveryOutcome): DeliveryOutcome {
  const severity = { accepted: 0, rejected: 1, failed: 2 } as const;
  return severity[other.kind] > severity[one.kind] ? other : one;
}

/** What Prometheus is told. */
export type BatchVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'unavailable'; readonly sentence: string };

/** What the sender of a batch is told whose alerts went different ways: accepted only if all were. */
export function worstVerdict(verdicts: readonly BatchVerdict[]): BatchVerdict {
  const isOf = (kind: BatchVerdict['kind']) => (verdict: BatchVerdict) => verdict.kind === kind;
  return verdicts.find(isOf('unavailable')) ?? verdicts.find(isOf('rejected')) ?? { kind: 'accepted' };
}

/** Accepted as soon as one accepts; else, when all have answered, the first rejection; undefined if there is none. */
export async function firstAccepted(
  outcomes: readonly Promise<DeliveryOutcome>[],
): Promise<BatchVerdict | undefined> {
  const accepted = Promise.any(
    outcomes.map(async (pending) => {
      const outcome = await pending;
      if (outcome.kind !== 'accepted') throw new NotAccepted();
      return outcome;
    }),
  );
  return accepted.catch(async () => (await Promise.all(outcomes)).find(isRejected));
}

class NotAccepted extends Error {}

function isRejected(outcome: DeliveryOutcome): outcome is Extract<DeliveryOutcome, { kind: 'rejected' }> {
  return outcome.kind === 'rejected';
}
