import { lengthOf, onlyOf, type DeliveredAlert, type Delivery } from './delivery.ts';
import type { DeliveryOutcome } from './outcome.ts';
import type { Ticket } from './ticket.ts';

/** One state of an alert, as it came. */
interface AlertState {
  readonly delivery: Delivery;
  readonly alert: DeliveredAlert;
  /** How many attempts of the queue had failed before it came. */
  readonly failuresBefore: number;
  /** Those that it answers: its own, and those of older states that it replaced. */
  readonly tickets: readonly Ticket[];
}

/** Objects and keys that an alert takes in the queue beside its bytes, measured with alerts of a few bytes. */
const OVERHEAD_BYTES = 1_000;

/**
 * An alert in the queue of one Alertmanager: of its states at most one that is under way, and the newest that waits.
 * A newer state replaces the one that waits, and answers for it.
 */
export class QueuedAlert {
  readonly identity: string;
  readonly sender: string;
  /** What is known of its failures; `suspected` alerts are sent apart from the others. */
  blame: Blame = UNTRIED;
  #waiting: AlertState | undefined;
  #underWay: AlertState | undefined;

  constructor(identity: string, sender: string) {
    this.identity = identity;
    this.sender = sender;
  }

  /** A newer state has come. */
  push(ticket: Ticket, alert: DeliveredAlert): void {
    const { delivery, failuresBefore } = ticket;
    const tickets = [...(this.#waiting?.tickets ?? []), ticket];
    this.#waiting = { delivery, alert, failuresBefore, tickets };
  }

  /** A POST with it has failed, perhaps because of it; returns how many have. */
  countFailure(): number {
    if (this.blame.kind === 'suspected') return 0;
    this.blame = { kind: 'tried', failures: this.blame.failures + 1 };
    return this.blame.failures;
  }

  /** Whether something is left to send or to wait for. */
  get isOver(): boolean {
    return this.#waiting === undefined && this.#underWay === undefined;
  }

  /** Whether nobody waits for it any more, and it is not under way. */
  get isBacklog(): boolean {
    return this.#waiting !== undefined && !this.tickets.some(({ isWaitedFor }) => isWaitedFor);
  }

  /** Those who are told when it is answered. */
  get tickets(): readonly Ticket[] {
    return [...(this.#underWay?.tickets ?? []), ...(this.#waiting?.tickets ?? [])];
  }

  /** Whether Alertmanager may refuse it, and with it the POST. */
  get isDoubtful(): boolean {
    return this.#waiting?.alert.isDoubtful === true;
  }

  /** Of what waits: in the POST. */
  get length(): number {
    return this.#waiting === undefined ? 0 : lengthOf(this.#waiting.alert.span);
  }

  /** Whether it is too late to send it. What nobody has tried to send yet is sent once, however old it is. */
  isExpired(tick: number, failures: number): boolean {
    const waiting = this.#waiting;
    return waiting !== undefined && failures > waiting.failuresBefore && tick >= waiting.alert.expiresAt;
  }

  /** Gives what waits memory of its own, without its batch; returns about how many bytes it takes. */
  compact(): number {
    if (this.#waiting === undefined) return 0;
    const delivery = onlyOf(this.#waiting.delivery, this.#waiting.alert);
    const [alert = this.#waiting.alert] = delivery.alerts;
    this.#waiting = { ...this.#waiting, delivery, alert, tickets: [] };
    const { body, received } = delivery;
    return OVERHEAD_BYTES + this.identity.length + body.length + (body === received ? 0 : received.length);
  }

  /** Takes what waits on its way. */
  begin(): AlertPart {
    const state = this.#waiting;
    if (state === undefined) throw new Error('nothing of this alert waits');
    this.#underWay = state;
    this.#waiting = undefined;
    const { delivery, alert, tickets } = state;
    return { queued: this, delivery, alert, ticket: tickets.at(-1) };
  }

  /** What was under way is answered. */
  answered(outcome: DeliveryOutcome): void {
    for (const ticket of this.#underWay?.tickets ?? []) ticket.answer(outcome);
    this.#underWay = undefined;
  }

  /** What was under way waits again, perhaps in another form, unless a newer state waits: that one answers for both. */
  returned(delivery?: Delivery): void {
    const older = this.#underWay;
    this.#underWay = undefined;
    if (older === undefined) return;
    const newer = this.#waiting;
    if (newer !== undefined) {
      this.#waiting = { ...newer, tickets: [...older.tickets, ...newer.tickets] };
      return;
    }
    const [alert = older.alert] = delivery?.alerts ?? [];
    this.#waiting = { ...older, delivery: delivery ?? older.delivery, alert };
  }

  /** What waits is not sent. */
  drop(outcome: DeliveryOutcome): void {
    for (const ticket of this.#waiting?.tickets ?? []) ticket.answer(outcome);
    this.#waiting = undefined;
  }
}

/** Whether an alert may be what an Alertmanager fails on. */
type Blame = { readonly kind: 'tried'; readonly failures: number } | { readonly kind: 'suspected' };

export const UNTRIED: Blame = { kind: 'tried', failures: 0 };

/** What of an alert is in a POST. */
export interface AlertPart {
  readonly queued: QueuedAlert;
  readonly delivery: Delivery;
  readonly alert: DeliveredAlert;
  /** The batch that it came with, as long as somebody waits for its answer. */
  readonly ticket: Ticket | undefined;
}
