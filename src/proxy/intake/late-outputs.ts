import { statusAt, type Alert } from '../alert/alert.ts';
import { identityOfAlert } from '../alert/identity.ts';
import type { Enriched, Enrichment } from '../enrich/enricher.ts';

/** An alert whose output came after its batch had left. */
export interface LateAlert {
  readonly body: Buffer;
  readonly alert: Alert;
  readonly asked: Enriched;
}

export interface LateOutputsOptions {
  readonly send: (alerts: readonly LateAlert[]) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** So that the late answers of one batch become one POST, not hundreds. */
const GATHER_MS = 50;

/**
 * Sends output that came too late once more, for alerts that still fire and of which no newer state has left:
 * Alertmanager's group_wait then puts it into the first notification.
 */
export class LateOutputs {
  readonly #options: LateOutputsOptions;
  /** The alerts that may be sent once more, by identity: each in the state that left last. */
  readonly #latest = new Map<string, Alert>();
  #gathered: { readonly identity: string; readonly late: LateAlert }[] = [];

  constructor(options: LateOutputsOptions) {
    this.#options = options;
  }

  /**
   * A batch has left: no older state of its alerts may follow it; some of its answers may still be under way.
   * @param window milliseconds from now within which they are still worth sending; 0: none is
   */
  watch(body: Buffer, alerts: readonly Alert[], enrichments: readonly Enrichment[], window: number): void {
    if (window === 0 && this.#latest.size === 0) return;
    const until = this.#options.monotonic() + window;
    for (const [index, alert] of alerts.entries()) {
      const identity = identityOfAlert(alert);
      this.#latest.delete(identity);
      const enrichment = enrichments[index];
      if (window === 0 || enrichment?.kind !== 'asked' || enrichment.late === undefined) continue;
      if (enrichment.status !== 'firing') continue;
      this.#latest.set(identity, alert);
      void enrichment.late.then((asked) => {
        if (asked.result.ok && this.#options.monotonic() <= until)
          this.#gather(identity, { body, alert, asked });
        else this.#take(identity, alert);
      });
    }
  }

  #gather(identity: string, late: LateAlert): void {
    if (this.#gathered.length === 0)
      setTimeout(() => {
        this.#flush();
      }, GATHER_MS);
    this.#gathered.push({ identity, late });
  }

  #flush(): void {
    const now = this.#options.now();
    const due = this.#gathered
      .filter(({ identity, late: { alert } }) => this.#take(identity, alert))
      .map(({ late }) => late)
      .filter(({ alert }) => statusAt(alert, now) === 'firing');
    this.#gathered = [];
    if (due.length > 0) this.#options.send(due);
  }

  /** Whether this state of the alert is still the one that left last; it is not asked about again. */
  #take(identity: string, alert: Alert): boolean {
    return this.#latest.get(identity) === alert && this.#latest.delete(identity);
  }
}
