import { RecentDurations, type TypicalDuration } from '../../platform/time/recent-durations.ts';
import type { DeliveryOutcome } from './outcome.ts';

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

/** Remembers what became of the attempts. */
export class SendHistory {
  readonly #latency = new RecentDurations();
  #isFailing = false;
  #lastAcceptedAt: number | undefined;
  #lastError: SendSummary['lastError'];

  note(outcome: DeliveryOutcome, at: number, milliseconds: number): void {
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
