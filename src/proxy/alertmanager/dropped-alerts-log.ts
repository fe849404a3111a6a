import type { Logger } from '../../platform/log/log.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';

/** Why alerts are not sent to an Alertmanager any more. */
export type DropReason = 'full' | 'expired' | 'refused' | 'stopped';

/** Says in the log how many alerts were given up for one Alertmanager: for each reason at most once a minute. */
export class DroppedAlertsLog {
  readonly #lines = new Map<DropReason, ThrottledLogLine<{ readonly alerts: number }>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  note(alerts: number, why: DropReason): void {
    const line = this.#lines.get(why) ?? this.#lineFor(why);
    this.#lines.set(why, line);
    line.note({ alerts });
  }

  /** Says what was not said yet. */
  flush(): void {
    for (const line of this.#lines.values()) line.flush();
  }

  #lineFor(why: DropReason): ThrottledLogLine<{ readonly alerts: number }> {
    return new ThrottledLogLine({
      merge: (earlier, later) => ({ alerts: earlier.alerts + later.alerts }),
      say: ({ alerts }) => {
        this.#log.warn({ alerts, why }, 'gave up alerts');
      },
    });
  }
}
