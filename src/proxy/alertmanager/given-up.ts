import type { Logger } from '../../platform/log.ts';
import { SparseLine } from '../../platform/sparse-line.ts';

/** Why alerts are not sent to an Alertmanager any more. */
export type GivenUpReason = 'full' | 'expired' | 'refused' | 'stopped';

/** Says in the log how many alerts were given up for one Alertmanager: for each reason at most once a minute. */
export class GivenUp {
  readonly #lines = new Map<GivenUpReason, SparseLine<{ readonly alerts: number }>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  note(alerts: number, why: GivenUpReason): void {
    const line = this.#lines.get(why) ?? this.#lineFor(why);
    this.#lines.set(why, line);
    line.note({ alerts });
  }

  /** Says what was not said yet. */
  flush(): void {
    for (const line of this.#lines.values()) line.flush();
  }

  #lineFor(why: GivenUpReason): SparseLine<{ readonly alerts: number }> {
    return new SparseLine({
      merge: (earlier, later) => ({ alerts: earlier.alerts + later.alerts }),
      say: ({ alerts }) => {
        this.#log.warn({ alerts, why }, 'gave up alerts');
      },
    });
  }
}
