import { atMost } from '../../platform/at-most.ts';
import type { AlertmanagerSet } from './alertmanager-set.ts';
import type { Delivery } from './delivery.ts';
import { firstAccepted, type Verdict } from './outcome.ts';

/**
 * Puts the same bytes into the queue of every Alertmanager, once, before it returns; resolves with what the sender is told.
 * @param patience milliseconds after which the sender is told that none accepted; sending goes on behind
 */
export async function sendToAll(
  sets: readonly AlertmanagerSet[],
  delivery: Delivery,
  patience: number,
): Promise<Verdict> {
  const loops = new Set(sets.flatMap(({ loops }) => loops));
  const outcomes = [...loops].map((loop) => loop.enqueue(delivery));
  return (await atMost(patience, firstAccepted(outcomes))) ?? TOO_LATE;
}

const TOO_LATE: Verdict = { kind: 'unavailable', sentence: 'no Alertmanager answered in time' };
