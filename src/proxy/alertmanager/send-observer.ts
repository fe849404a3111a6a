import type { DeliveryOutcome } from './outcome.ts';

/** Why alerts are not sent to an Alertmanager any more. */
export type DropReason = 'full' | 'expired' | 'refused' | 'stopped';

/** One POST that is over. */
export interface FinishedAttempt {
  readonly outcome: DeliveryOutcome;
  readonly alerts: number;
  readonly milliseconds: number;
  /** Whether it held nothing but alerts on which the Alertmanager keeps failing, though it takes others. */
  readonly isPoison: boolean;
}

/** What a send loop tells whoever watches it: metrics, page, log. Counts are of alerts. */
export interface SendObserver {
  attempted(attempt: FinishedAttempt): void;
  dropped(alerts: number, reason: DropReason): void;
  /** The Alertmanager keeps failing on this alert alone, with this error, though it takes others. */
  poisoned(identity: string, error: string): void;
  /** The Alertmanager found a POST too large: it gets smaller ones. */
  splitting(): void;
  /** Nothing more is sent there. */
  stopped(): void;
}

/** Tells several observers, in order; each hears of what it has a method for. */
export function broadcast(observers: readonly Partial<SendObserver>[]): SendObserver {
  return {
    attempted: (attempt) => {
      for (const observer of observers) observer.attempted?.(attempt);
    },
    dropped: (alerts, reason) => {
      for (const observer of observers) observer.dropped?.(alerts, reason);
    },
    poisoned: (identity, error) => {
      for (const observer of observers) observer.poisoned?.(identity, error);
    },
    splitting: () => {
      for (const observer of observers) observer.splitting?.();
    },
    stopped: () => {
      for (const observer of observers) observer.stopped?.();
    },
  };
}
