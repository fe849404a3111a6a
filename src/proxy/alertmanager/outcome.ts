import type { HttpResult } from '../../platform/http/http-client.ts';
import { describeStatus } from '../../platform/http/redirect.ts';

/** What became of a delivery at one Alertmanager. */
export type DeliveryOutcome =
  | { readonly kind: 'accepted' }
  /** A 4xx: sending it again would change nothing. */
  | { readonly kind: 'rejected'; readonly status: number; readonly body: Buffer }
  /** No answer, or one that may be better next time. */
  | { readonly kind: 'failed'; readonly sentence: string };

/** The one place that decides what is worth a retry. */
export function outcomeOf(result: HttpResult): DeliveryOutcome {
  if (result.ok)
    return outcomeOfStatus(result.status, result.body, describeStatus(result.status, result.headers));
  const { status, failure, detail } = result;
  if (status === undefined) return { kind: 'failed', sentence: `${failure}: ${detail}` };
  // The status decides, however much was said beside it: a refusal that is too long to read is none to retry.
  return outcomeOfStatus(status, Buffer.from(detail));
}

function outcomeOfStatus(status: number, body: Buffer, sentence = `HTTP status ${status}`): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { kind: 'rejected', status, body };
  }
  return { kind: 'failed', sentence };
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

/** What became of a delivery whose parts went different ways: accepted only if all were. */
export function worstOf(outcomes: readonly DeliveryOutcome[]): DeliveryOutcome {
  const failed = outcomes.find(({ kind }) => kind === 'failed');
  return failed ?? outcomes.find(({ kind }) => kind === 'rejected') ?? { kind: 'accepted' };
}

/** What Prometheus is told. */
export type BatchVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'unavailable'; readonly sentence: string };

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
