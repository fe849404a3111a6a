import { AlertPlaces, type AlertPlacesOptions } from './alert-places.ts';
import {
  groupByTicket,
  joinedAttempt,
  toldApart,
  wholeAttempt,
  type Attempt,
  type JoinedAttempt,
  type WholeAttempt,
} from './attempt.ts';
import { asReceived, isAnnotated, type Delivery } from './delivery.ts';
import { isTooLarge, type DeliveryOutcome, type Settlement } from './outcome.ts';
import { PostSize } from './post-size.ts';
import type { AlertPart, QueuedAlert } from './queued-alert.ts';
import { PoisonPause } from './poison-pause.ts';
import type { SendObserver } from './send-observer.ts';
import type { Suspects } from './suspects.ts';
import { Ticket } from './ticket.ts';

export interface SendQueueOptions extends Pick<AlertPlacesOptions, 'capacity'> {
  readonly observer: Pick<SendObserver, 'dropped' | 'splitting' | 'poisoned'>;
}

/** What is to be done now. */
export type NextStep =
  | { readonly kind: 'send'; readonly attempt: Attempt }
  /** Only alerts on which the Alertmanager keeps failing are left; the next is due in `milliseconds`. */
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'nothing' };

/** So often alerts fail together with others; then others go first. */
const FAILURES_THAT_YIELD = 3;
/** After so many failed POSTs in a row the callers are told: one may be an accident. */
const FAILURES_THAT_TELL = 2;
/** Alerts that a sender may put into a POST before the next has its turn: two usual batches of Prometheus. */
const ALERTS_PER_TURN = 512;

/**
 * What waits for one Alertmanager: of each alert the newest state only. Senders take turns. A delivery goes as it came
 * while nothing else waits; else alerts of all deliveries are joined into POSTs of a bounded size. Alerts on which the
 * Alertmanager keeps failing go apart, and let others go first. One POST is under way at a time.
 */
export class SendQueue {
  readonly #observer: SendQueueOptions['observer'];
  readonly #places: AlertPlaces;
  readonly #size = new PostSize();
  /** Deliveries whose alerts have not been told apart, the oldest first. */
  #whole: Ticket[] = [];
  /** Those whose senders wait. */
  readonly #waitedFor = new Set<Ticket>();
  #underWay: WholeAttempt | JoinedAttempt | undefined;
  #answered = 0;
  #failures = 0;
  #failuresInARow = 0;
  #isTurnOfSuspects = false;
  readonly #poisonPause = new PoisonPause();

  constructor({ capacity, observer }: SendQueueOptions) {
    this.#observer = observer;
    this.#places = new AlertPlaces({
      capacity,
      onDropped: (alerts, reason) => {
        observer.dropped(alerts, reason);
      },
    });
  }

  /** Number of alerts, those under way included. */
  get alerts(): number {
    return this.#whole.reduce((sum, { delivery }) => sum + delivery.alerts.length, this.#places.size);
  }

  /** POSTs that failed since one was answered, except those of poison. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  push(delivery: Delivery): Ticket {
    const ticket = new Ticket(delivery, this.#failures);
    this.#whole.push(ticket);
    this.#waitedFor.add(ticket);
    return ticket;
  }

  /** The sender of this delivery does not wait any more: from now on it counts towards the capacity. */
  leave(ticket: Ticket): void {
    ticket.leave();
    this.#waitedFor.delete(ticket);
    const underWay = this.#underWay;
    const isOnItsWay = underWay?.kind === 'whole' && underWay.ticket === ticket;
    if (this.#whole.includes(ticket) && !isOnItsWay) this.#tellApart();
    this.#places.left(ticket);
  }

  /** What to do now; a POST is under way until it is settled. */
  next(now: number): NextStep {
    const attempt = this.#takeWhole() ?? this.#takeJoined(now);
    this.#underWay = attempt;
    return attempt === undefined ? this.#waitForPoison(now) : { kind: 'send', attempt };
  }

  /** The POST under way is over. */
  settle({ outcome, mayLieInAlerts, now }: Settlement): void {
    if (outcome.kind === 'accepted' || outcome.kind === 'rejected') {
      this.#hasAnswered(outcome, now);
    } else {
      this.#hasFailed(outcome, mayLieInAlerts, now);
    }
    this.#underWay = undefined;
    this.#places.dropSurplus();
  }

  /** Drops everything and tells the callers. */
  stop(): void {
    this.#tellApart();
    this.#places.dropAll();
  }

  // The bytes as they came, as long as there is nothing to join them with and nothing to tell apart in them.
  #takeWhole(): WholeAttempt | undefined {
    const [ticket, ...others] = this.#whole;
    if (ticket === undefined || others.length > 0 || this.#places.size > 0) return undefined;
    const { alerts, body } = ticket.delivery;
    if (!this.#size.fits(alerts.length, body.length)) return undefined;
    const isMixed = alerts.length > 1 && alerts.some(({ isDoubtful }) => isDoubtful);
    return isMixed ? undefined : wholeAttempt(ticket);
  }

  #takeJoined(now: number): JoinedAttempt | undefined {
    this.#tellApart();
    const attempt = this.#isTurnOfSuspects
      ? (this.#takeSuspects(now) ?? this.#takeFromLines(now))
      : (this.#takeFromLines(now) ?? this.#takeSuspects(now));
    this.#isTurnOfSuspects = attempt?.group === undefined;
    for (const { queued } of attempt?.parts ?? []) this.#places.review(queued);
    return attempt;
  }

  #takeFromLines(now: number): JoinedAttempt | undefined {
    const taken: QueuedAlert[] = [];
    let bytes = 1;
    this.#places.lines.goRound(ALERTS_PER_TURN, (alert) => {
      if (this.#dropIfExpired(alert, now)) return 'more';
      if (alert.isDoubtful && taken.length > 0) return 'more';
      bytes += alert.length + 1;
      if (taken.length > 0 && !this.#size.fits(taken.length + 1, bytes)) return 'enough';
      taken.push(alert);
      return alert.isDoubtful ? 'enough' : 'more';
    });
    return taken.length === 0 ? undefined : joinedAttempt(taken);
  }

  #takeSuspects(now: number): JoinedAttempt | undefined {
    const group = this.#places.suspects.longestAgo();
    if (group === undefined || now < this.#dueAt(group)) return undefined;
    const alerts = [...group.alerts].filter((alert) => !this.#dropIfExpired(alert, now));
    if (alerts.length === 0) return this.#takeSuspects(now);
    return joinedAttempt(alerts, { group, isPoison: this.#isToBlame(group) });
  }

  #waitForPoison(now: number): NextStep {
    const group = this.#places.suspects.longestAgo();
    if (group === undefined) return { kind: 'nothing' };
    for (const { tickets } of group.alerts) for (const ticket of tickets) ticket.tell(BEHIND_POISON);
    return { kind: 'wait', milliseconds: this.#dueAt(group) - now };
  }

  // It has answered others since it began to fail on these.
  #isToBlame({ answeredBefore }: Suspects): boolean {
    return this.#answered > answeredBefore;
  }

  #dueAt(group: Suspects): number {
    return this.#isToBlame(group) ? this.#poisonPause.dueAt : 0;
  }

  #dropIfExpired(alert: QueuedAlert, now: number): boolean {
    const isExpired = alert.isExpired(now, this.#failures);
    if (isExpired) this.#places.drop(alert, 'expired');
    return isExpired;
  }

  /** Finds the place of each alert, also of those that are under way. */
  #tellApart(): void {
    const tickets = this.#whole;
    this.#whole = [];
    for (const ticket of tickets) {
      const alerts = this.#places.add(ticket);
      const underWay = this.#underWay;
      if (underWay?.kind !== 'whole' || underWay.ticket !== ticket) continue;
      this.#underWay = toldApart(underWay, alerts);
      for (const alert of alerts) this.#places.review(alert);
    }
  }

  #partsUnderWay(): readonly AlertPart[] {
    this.#tellApart();
    return this.#underWay?.kind === 'joined' ? this.#underWay.parts : [];
  }

  #hasAnswered(outcome: DeliveryOutcome, now: number): void {
    const underWay = this.#underWay;
    this.#answered += 1;
    // After an outage: perhaps they failed for the same reason.
    if (underWay?.isPoison === true || this.#failuresInARow > 0) this.#poisonPause.end();
    if (underWay?.isPoison !== true) this.#failuresInARow = 0;
    if (outcome.kind === 'accepted') this.#size.accepted();
    else if (this.#isSentInParts(outcome, now)) return;
    else this.#observer.dropped(underWay?.alerts ?? 0, 'refused');
    if (this.#underWay?.kind === 'whole') {
      const { ticket, alerts } = this.#underWay;
      this.#whole.shift();
      ticket.answer(outcome, alerts);
      return;
    }
    for (const { queued } of this.#partsUnderWay()) {
      queued.answered(outcome);
      this.#places.clear(queued);
      this.#places.review(queued);
    }
  }

  #isSentInParts(outcome: DeliveryOutcome, now: number): boolean {
    return isTooLarge(outcome) ? this.#isSentSmaller(now) : this.#isSentByBatch();
  }

  #isSentSmaller(now: number): boolean {
    const underWay = this.#underWay;
    const parts = this.#partsUnderWay();
    const [first] = parts;
    if (underWay === undefined || first === undefined) return false;
    const isLone = parts.length === 1;
    if (isLone && !isAnnotated(first.alert)) return false;
    this.#observer.splitting();
    this.#size.refused(underWay.body.length);
    this.#return(parts, isLone ? asReceived(first.delivery, first.alert) : undefined);
    if (underWay.kind === 'joined' && underWay.group !== undefined)
      this.#places.suspects.halve(underWay.group, now);
    return true;
  }

  // What one alert is refused for is not the fault of other batches in its POST.
  #isSentByBatch(): boolean {
    const batches = groupByTicket(this.#partsUnderWay());
    if (batches.length < 2) return false;
    for (const parts of batches) {
      this.#return(parts);
      this.#places.suspect(
        parts.map(({ queued }) => queued),
        0,
        this.#answered,
      );
    }
    return true;
  }

  #hasFailed(outcome: DeliveryOutcome & { kind: 'failed' }, mayLieInAlerts: boolean, now: number): void {
    const parts = this.#partsUnderWay();
    const underWay = this.#underWay;
    if (underWay?.kind !== 'joined') return;
    this.#failures += 1;
    this.#return(parts);
    if (underWay.isPoison) {
      this.#poisonPause.begin(now);
      const [first, ...others] = parts;
      if (others.length === 0) this.#observer.poisoned(first?.queued.identity ?? '', outcome.sentence);
    } else {
      this.#failuresInARow += 1;
    }
    if (mayLieInAlerts && underWay.group !== undefined) this.#places.suspects.halve(underWay.group, now);
    else if (mayLieInAlerts) this.#countFailure(parts, now);
    if (this.#failuresInARow < FAILURES_THAT_TELL) return;
    for (const ticket of this.#waitedFor) ticket.tell(outcome);
  }

  #countFailure(parts: readonly AlertPart[], now: number): void {
    const suspects = parts
      .map(({ queued }) => queued)
      .filter((alert) => alert.countFailure() >= FAILURES_THAT_YIELD);
    this.#places.suspect(suspects, now, this.#answered);
  }

  #return(parts: readonly AlertPart[], replacement?: Delivery): void {
    for (const { queued } of parts) {
      queued.returned(replacement);
      this.#places.review(queued);
    }
  }
}

const BEHIND_POISON: DeliveryOutcome = {
  kind: 'failed',
  sentence: 'the Alertmanager does not take this alert, or an older state of it',
};
