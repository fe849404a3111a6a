import type { Logger } from '../../platform/log/log.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';
import type { DropReason } from '../alertmanager/send-observer.ts';
import { PROXY_LOG } from './log-messages.ts';

/** Logs how many alerts for one Alertmanager were dropped: for each reason at most once a minute. */
export class DroppedAlertsLog {
  readonly #lines = new Map<DropReason, ThrottledLogLine<{ readonly alerts: number }>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  note(alerts: number, reason: DropReason): void {
    const line = this.#lines.get(reason) ?? this.#lineFor(reason);
    this.#lines.set(reason, line);
    line.note({ alerts });
  }

  /** Says what was not said yet. */
  flush(): void {
    for (const line of this.#lines.values()) line.flush();
  }

  #lineFor(reason: DropReason): ThrottledLogLine<{ readonly alerts: number }> {
    return new ThrottledLogLine({
      merge: (earlier, later) => ({ alerts: earlier.alerts + later.alerts }),
      say: ({ alerts }) => {
        this.#log.warn({ alerts, reason }, PROXY_LOG.droppedAlerts);
      },
    });
  }
}
