import { waitAtMost } from '../../platform/time/wait-at-most.ts';
import type { AlertmanagerSet } from './alertmanager-set.ts';
import type { Delivery } from './delivery.ts';
import { firstAccepted, type DeliveryOutcome, type BatchVerdict } from './outcome.ts';
import type { SendLoop } from './send-loop.ts';

/**
 * Puts the same bytes into the queue of every Alertmanager, once, before it returns; resolves with what the sender is told.
 * @param patience milliseconds after which the sender is told that none accepted; sending goes on behind
 */
export async function sendToAll(
  sets: readonly AlertmanagerSet[],
  delivery: Delivery,
  patience: number,
): Promise<BatchVerdict> {
  const loops = [...new Set(sets.flatMap((set) => set.loops))];
  const known = new Map<SendLoop, DeliveryOutcome>();
  const outcomes = loops.map(async (loop) => {
    const outcome = await loop.enqueue(delivery);
    known.set(loop, outcome);
    return outcome;
  });
  const verdict = await waitAtMost(patience, firstAccepted(outcomes));
  if (verdict !== undefined) return verdict;
  const reasons = loops.map((loop) => `${loop.url}: ${reasonOf(known.get(loop), loop)}`);
  const why = reasons.length === 0 ? 'none is known' : reasons.join('; ');
  return { kind: 'unavailable', sentence: `no Alertmanager accepted the alerts (${why})` };
}

// One that has not answered this batch may stand behind others that failed: what they failed with is the reason then.
function reasonOf(outcome: DeliveryOutcome | undefined, { history }: SendLoop): string {
  if (outcome?.kind === 'failed') return outcome.sentence;
  if (outcome?.kind === 'rejected') return `HTTP status ${outcome.status}`;
  const { isFailing, lastError } = history.summary();
  return isFailing && lastError !== undefined ? lastError.sentence : 'no answer in time';
}
