import { FairLines } from '../../platform/order/fair-lines.ts';
import { Backlog } from './backlog.ts';
import { identityIn } from './delivery.ts';
import { QueuedAlert, UNTRIED } from './queued-alert.ts';
import type { DropReason } from './send-observer.ts';
import { SuspectGroups } from './suspects.ts';
import type { Ticket } from './ticket.ts';

export interface AlertPlacesOptions {
  /** Bytes of what nobody waits for any more; beyond it the oldest are dropped. */
  readonly capacity: number;
  readonly onDropped: (alerts: number, reason: DropReason) => void;
}

/** Where each alert of a queue stands: in the line of its sender, or in a group of suspects. */
export class AlertPlaces {
  /** By sender. */
  readonly lines = new FairLines<QueuedAlert>();
  readonly suspects = new SuspectGroups();
  readonly #options: AlertPlacesOptions;
  readonly #table = new Map<string, QueuedAlert>();
  readonly #alertsOf = new WeakMap<Ticket, readonly QueuedAlert[]>();
  readonly #backlog: Backlog;

  constructor(options: AlertPlacesOptions) {
    this.#options = options;
    this.#backlog = new Backlog(options.capacity);
  }

  /** Number of alerts. */
  get size(): number {
    return this.#table.size;
  }

  /** Puts the alerts of a delivery in their places; a newer state takes the place of the older one. */
  add(ticket: Ticket): readonly QueuedAlert[] {
    const { delivery } = ticket;
    const alerts = delivery.alerts.map((alert) => {
      const identity = identityIn(delivery, alert);
      const queued = this.#table.get(identity) ?? new QueuedAlert(identity, delivery.sender);
      this.#table.set(identity, queued);
      queued.push(ticket, alert);
      return queued;
    });
    this.#alertsOf.set(ticket, alerts);
    for (const alert of alerts) this.review(alert);
    this.dropSurplus();
    return alerts;
  }

  /** Something about the alert has changed: what waits stands where it belongs, what is over is forgotten. */
  review(alert: QueuedAlert): void {
    if (this.#table.get(alert.identity) !== alert) return;
    if (alert.isOver) {
      this.#table.delete(alert.identity);
      this.lines.delete(alert.sender, alert);
      this.suspects.delete(alert);
      this.#backlog.delete(alert);
      return;
    }
    if (alert.blame.kind === 'tried') this.lines.add(alert.sender, alert);
    this.#backlog.review(alert);
  }

  /** The sender of this delivery does not wait any more. */
  left(ticket: Ticket): void {
    for (const alert of this.#alertsOf.get(ticket) ?? []) this.review(alert);
    this.dropSurplus();
  }

  /** It is not suspect any more. */
  clear(alert: QueuedAlert): void {
    this.suspects.delete(alert);
    alert.blame = UNTRIED;
  }

  /** Makes a group of suspects of them. */
  suspect(alerts: readonly QueuedAlert[], failedAt: number, answeredBefore: number): void {
    if (alerts.length === 0) return;
    for (const alert of alerts) {
      this.lines.delete(alert.sender, alert);
      this.suspects.delete(alert);
    }
    this.suspects.add(alerts, failedAt, answeredBefore);
  }

  drop(alert: QueuedAlert, reason: keyof typeof SENTENCES): void {
    alert.drop({ kind: 'failed', sentence: SENTENCES[reason] });
    this.review(alert);
    this.#options.onDropped(1, reason);
  }

  dropAll(): void {
    for (const alert of [...this.#table.values()]) this.drop(alert, 'stopped');
  }

  /** Drops what there is no room for. */
  dropSurplus(): void {
    for (let alert = this.#backlog.surplus(); alert !== undefined; alert = this.#backlog.surplus())
      this.drop(alert, 'full');
  }
}

/** For the caller. */
const SENTENCES = {
  full: 'the queue for this Alertmanager is full',
  expired: 'the alerts expired before they could be sent',
  stopped: 'the Alertmanager did not take them before the proxy stopped sending there',
} as const;
