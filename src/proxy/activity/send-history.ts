import { RecentDurations, type TypicalDuration } from '../../platform/time/recent-durations.ts';
import type { FinishedAttempt, SendObserver } from '../alertmanager/send-observer.ts';

/** How sending to one Alertmanager went; times in milliseconds since 1970. */
export interface SendSummary {
  /** Whether the latest attempt failed, or was refused. */
  readonly isFailing: boolean;
  readonly lastAcceptedAt: number | undefined;
  /** Stays when it works again. */
  readonly lastError: { readonly at: number; readonly sentence: string } | undefined;
  /** Of the POSTs that were accepted. */
  readonly latency: TypicalDuration | undefined;
}

/** Remembers, for people who look, how sending to one Alertmanager went. */
export class SendHistory implements Partial<SendObserver> {
  readonly #now: () => number;
  readonly #latency = new RecentDurations();
  #isFailing = false;
  #lastAcceptedAt: number | undefined;
  #lastError: SendSummary['lastError'];

  /** @param options `now`: milliseconds since 1970 */
  constructor({ now }: { now: () => number }) {
    this.#now = now;
  }

  attempted({ outcome, milliseconds }: FinishedAttempt): void {
    const at = this.#now();
    this.#isFailing = outcome.kind !== 'accepted';
    if (outcome.kind === 'accepted') {
      this.#lastAcceptedAt = at;
      this.#latency.add(milliseconds);
    } else {
      const sentence =
        outcome.kind === 'failed'
          ? outcome.sentence
          : `it refused alerts with HTTP status ${outcome.status}; the log says more`;
      this.#lastError = { at, sentence };
    }
  }

  summary(): SendSummary {
    return {
      isFailing: this.#isFailing,
      lastAcceptedAt: this.#lastAcceptedAt,
      lastError: this.#lastError,
      latency: this.#latency.typical(),
    };
  }
}
