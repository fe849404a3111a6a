import { setTimeout } from 'node:timers/promises';
import type { Delivery } from './delivery.ts';
import { firstAccepted, type Verdict } from './outcome.ts';
import type { SendLoop } from './send-loop.ts';

export interface AlertmanagerSetOptions {
  /** Makes the loop for a target that discovery has found. */
  readonly createLoop: (target: string) => SendLoop;
  /** Called when a target is gone, with its URL. */
  readonly onRemoved: (url: string) => void;
}

/** The Alertmanagers that share one entry of the configuration; discovery may change them at any time. */
export class AlertmanagerSet {
  readonly #options: AlertmanagerSetOptions;
  readonly #loops = new Map<string, SendLoop>();

  constructor(options: AlertmanagerSetOptions) {
    this.#options = options;
  }

  get loops(): readonly SendLoop[] {
    return [...this.#loops.values()];
  }

  /** Goes on for at most so many milliseconds to send what is queued. */
  async stop(grace: number): Promise<void> {
    await Promise.all(this.loops.map((loop) => this.#remove(loop, grace)));
    this.#loops.clear();
  }

  /** Keeps the loops of targets that stay, with their queues. */
  update(targets: readonly string[]): void {
    const wanted = new Set(targets);
    for (const [target, loop] of this.#loops) {
      if (wanted.has(target)) continue;
      this.#loops.delete(target);
      void this.#remove(loop, 0);
    }
    for (const target of wanted) {
      if (!this.#loops.has(target)) this.#loops.set(target, this.#options.createLoop(target));
    }
  }

  async #remove(loop: SendLoop, grace: number): Promise<void> {
    await loop.stop(grace);
    this.#options.onRemoved(loop.url);
  }
}

/**
 * Puts the same bytes into the queue of every Alertmanager; resolves with what the sender is told.
 * @param patience milliseconds after which the sender is told that none accepted; sending goes on behind
 */
export async function sendToAll(
  sets: readonly AlertmanagerSet[],
  delivery: Delivery,
  patience: number,
): Promise<Verdict> {
  const outcomes = sets.flatMap(({ loops }) => loops).map((loop) => loop.enqueue(delivery));
  const giveUp = new AbortController();
  const tooLate = setTimeout(patience, TOO_LATE, { signal: giveUp.signal }).catch(() => TOO_LATE);
  const verdict = await Promise.race([firstAccepted(outcomes), tooLate]);
  giveUp.abort();
  return verdict;
}

const TOO_LATE: Verdict = { kind: 'unavailable', sentence: 'no Alertmanager answered in time' };
