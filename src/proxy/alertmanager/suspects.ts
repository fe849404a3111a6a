import type { QueuedAlert } from './queued-alert.ts';

/** Alerts in POSTs that failed again and again: one of them may be what the Alertmanager fails on. */
export interface Suspects {
  readonly alerts: ReadonlySet<QueuedAlert>;
  /** When the last POST with them failed, in milliseconds of the monotonic clock. */
  readonly failedAt: number;
  /** How many POSTs the Alertmanager had answered when they became suspect. */
  readonly answeredBefore: number;
}

/**
 * The groups of suspects, each sent apart from all other alerts, the one that failed longest ago first. A group that
 * fails again is halved, until the alerts that are to blame stand alone.
 */
export class SuspectGroups {
  readonly #groups = new Map<Suspects, Set<QueuedAlert>>();
  readonly #groupOf = new Map<QueuedAlert, Suspects>();

  add(alerts: readonly QueuedAlert[], failedAt: number, answeredBefore: number): void {
    const members = new Set(alerts);
    const group: Suspects = { alerts: members, failedAt, answeredBefore };
    this.#groups.set(group, members);
    for (const alert of alerts) {
      alert.blame = { kind: 'suspected' };
      this.#groupOf.set(alert, group);
    }
  }

  /** Takes an alert out of its group. */
  delete(alert: QueuedAlert): void {
    const group = this.#groupOf.get(alert);
    if (group === undefined) return;
    this.#groupOf.delete(alert);
    const members = this.#groups.get(group);
    members?.delete(alert);
    if (members?.size === 0) this.#groups.delete(group);
  }

  /** Makes two groups of one that failed again; one alert alone stays a group. */
  halve(group: Suspects, now: number): void {
    if (!this.#groups.delete(group)) return;
    const alerts = [...group.alerts];
    const middle = Math.ceil(alerts.length / 2);
    for (const half of [alerts.slice(0, middle), alerts.slice(middle)])
      if (half.length > 0) this.add(half, now, group.answeredBefore);
  }

  longestAgo(): Suspects | undefined {
    return [...this.#groups.keys()].reduce<Suspects | undefined>(
      (first, group) => (first === undefined || group.failedAt < first.failedAt ? group : first),
      undefined,
    );
  }
}
