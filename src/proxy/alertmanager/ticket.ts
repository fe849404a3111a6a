import type { Delivery } from './delivery.ts';
import { worseOf, type DeliveryOutcome } from './outcome.ts';

/** A delivery in the queue of one Alertmanager, until each of its alerts, or a newer state of it, is answered. */
export class Ticket {
  readonly delivery: Delivery;
  /** Resolves when all alerts are answered, with the worst of the answers; or before that, when the caller is told. */
  readonly outcome: Promise<DeliveryOutcome>;
  /** How many attempts of the queue had failed before it came. */
  readonly failuresBefore: number;
  #unanswered: number;
  #worst: DeliveryOutcome = { kind: 'accepted' };
  #resolve: (outcome: DeliveryOutcome) => void = () => undefined;
  #isWaitedFor = true;

  constructor(delivery: Delivery, failuresBefore: number) {
    this.delivery = delivery;
    this.failuresBefore = failuresBefore;
    this.#unanswered = delivery.alerts.length;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Whether the sender of the batch still waits for its answer. */
  get isWaitedFor(): boolean {
    return this.#isWaitedFor;
  }

  /** So many of its alerts are answered. */
  answer(outcome: DeliveryOutcome, alerts = 1): void {
    this.#worst = worseOf(this.#worst, outcome);
    this.#unanswered -= alerts;
    if (this.#unanswered === 0) this.#resolve(this.#worst);
  }

  /** Tells the caller how it stands; sending goes on behind. */
  tell(outcome: DeliveryOutcome): void {
    this.#resolve(outcome);
  }

  /** The sender has its answer, or has gone. */
  leave(): void {
    this.#isWaitedFor = false;
  }
}
