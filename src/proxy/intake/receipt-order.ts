import type { Alert } from '../alert/alert.ts';
import { identityOfAlert } from '../alert/identity.ts';

/** A batch's place among those that are being enriched. */
export interface Turn {
  /** Resolves when no batch that came earlier and holds one of the same alerts is still inside. */
  ready(): Promise<void>;
  /** The batch is in the queues of the Alertmanagers; calling it again changes nothing. */
  leave(): void;
}

interface Inside {
  readonly identities: () => ReadonlySet<string>;
  readonly left: Promise<void>;
}

/**
 * Keeps the states of one alert in the order in which they were received (promise 4), though batches take
 * different times to enrich. Batches that share no alert do not wait for each other.
 */
export class ReceiptOrder {
  readonly #inside = new Set<Inside>();

  enter(alerts: readonly Alert[]): Turn {
    const earlier = [...this.#inside];
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const self: Inside = { identities: onDemand(alerts), left };
    this.#inside.add(self);
    return {
      ready: async () => {
        const still = earlier.filter((other) => this.#inside.has(other) && overlaps(other, self));
        await Promise.all(still.map((other) => other.left));
      },
      leave: () => {
        this.#inside.delete(self);
        leave();
      },
    };
  }
}

function overlaps(a: Inside, b: Inside): boolean {
  const others = b.identities();
  return [...a.identities()].some((identity) => others.has(identity));
}

// Mostly a batch is alone inside, and nobody asks.
function onDemand(alerts: readonly Alert[]): () => ReadonlySet<string> {
  let identities: ReadonlySet<string> | undefined;
  return () => (identities ??= new Set(alerts.map(identityOfAlert)));
}
