import { waitAtMost } from '../../platform/time/wait-at-most.ts';
import type { AlertmanagerSet } from './alertmanager-set.ts';
import type { Delivery } from './delivery.ts';
import { firstAccepted, type DeliveryOutcome, type BatchVerdict } from './outcome.ts';
import type { SendLoop } from './send-loop.ts';

/**
 * Puts the same bytes into the queue of every Alertmanager, once, before it returns; resolves with the answer for the sender.
 * @param patience milliseconds after which the answer is that none accepted; sending goes on behind
 */
export async function sendToAll(
  sets: readonly AlertmanagerSet[],
  delivery: Delivery,
  patience: number,
): Promise<BatchVerdict> {
  const loops = [...new Set(sets.flatMap((set) => set.loops))];
  const known = new Map<SendLoop, DeliveryOutcome>();
  const pending = loops.map((loop) => ({ loop, ...loop.enqueue(delivery) }));
  const outcomes = pending.map(async ({ loop, outcome }) => {
    known.set(loop, await outcome);
    return outcome;
  });
  const verdict = await waitAtMost(patience, firstAccepted(outcomes));
  for (const one of pending) one.leave();
  if (verdict !== undefined) return verdict;
  const reasons = loops.map((loop) => `${loop.url}: ${reasonOf(known.get(loop), loop)}`);
  const reason = reasons.length === 0 ? 'none is known' : reasons.join('; ');
  return { kind: 'unavailable', sentence: `no Alertmanager accepted the alerts (${reason})` };
}

// One that has not answered this batch may stand behind others that failed: what they failed with is the reason then.
function reasonOf(outcome: DeliveryOutcome | undefined, { lastFailure }: SendLoop): string {
  if (outcome?.kind === 'failed') return outcome.sentence;
  if (outcome?.kind === 'rejected') return `HTTP status ${outcome.status}`;
  return lastFailure ?? 'no answer in time';
}
