import { identityOf, type Alert } from '../alert/alert.ts';
import { type Asked, type Enrichment } from '../enrich/enricher.ts';

/** An alert whose output came after its batch had left. */
export interface LateAlert {
  readonly body: Buffer;
  readonly alert: Alert;
  readonly asked: Asked;
}

export interface LateDetailsOptions {
  readonly send: (alerts: readonly LateAlert[]) => void;
  readonly now: () => number;
}

/** So that the late answers of one batch become one POST, not hundreds. */
const GATHER_MS = 50;

/**
 * Sends output that came too late once more, for alerts that still fire and of which no newer state has passed:
 * Alertmanager's group_wait then puts it into the first notification.
 */
export class LateDetails {
  readonly #options: LateDetailsOptions;
  /** The alerts that wait for late output, each with the batch that asked. */
  readonly #waiting = new Map<string, object>();
  #gathered: LateAlert[] = [];

  constructor(options: LateDetailsOptions) {
    this.#options = options;
  }

  /** A batch was received: what it holds is newer than what still waits. */
  supersede(alerts: readonly Alert[]): void {
    if (this.#waiting.size === 0) return;
    for (const { labels } of alerts) this.#waiting.delete(identityOf(labels));
  }

  /**
   * A batch has left; some of its answers may still be under way.
   * @param window milliseconds from now within which they are still worth sending; 0: none is
   */
  watch(body: Buffer, alerts: readonly Alert[], enrichments: readonly Enrichment[], window: number): void {
    if (window === 0) return;
    const batch = {};
    const until = this.#options.now() + window;
    for (const [index, alert] of alerts.entries()) {
      const enrichment = enrichments[index];
      if (enrichment?.kind !== 'asked' || enrichment.late === undefined) continue;
      if (enrichment.status !== 'firing') continue;
      const identity = identityOf(alert.labels);
      this.#waiting.set(identity, batch);
      void enrichment.late.then((asked) => {
        if (this.#waiting.get(identity) !== batch) return;
        if (asked.result.ok && this.#options.now() <= until) this.#gather({ body, alert, asked });
        else this.#waiting.delete(identity);
      });
    }
  }

  #gather(late: LateAlert): void {
    if (this.#gathered.length === 0)
      setTimeout(() => {
        this.#flush();
      }, GATHER_MS);
    this.#gathered.push(late);
  }

  #flush(): void {
    const now = this.#options.now();
    const due = this.#gathered.filter(
      ({ alert }) => this.#waiting.delete(identityOf(alert.labels)) && isFiring(alert, now),
    );
    this.#gathered = [];
    if (due.length > 0) this.#options.send(due);
  }
}

function isFiring({ endsAt }: Alert, now: number): boolean {
  return endsAt === undefined || endsAt > now;
}
