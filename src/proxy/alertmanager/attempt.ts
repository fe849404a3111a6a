import { joined, type Delivery } from './delivery.ts';
import type { AlertPart, QueuedAlert } from './queued-alert.ts';
import type { Suspects } from './suspects.ts';
import type { Ticket } from './ticket.ts';

/** One POST. */
export interface Attempt {
  readonly body: Buffer;
  /** Number of alerts in it. */
  readonly alerts: number;
  readonly trace: Delivery['trace'];
  /** Whether the Alertmanager keeps failing on all that is in it, though it takes others. */
  readonly isPoison: boolean;
}

/** Alerts of several deliveries, or some of one. */
export interface JoinedAttempt extends Attempt {
  readonly kind: 'joined';
  readonly parts: readonly AlertPart[];
  /** The suspects that it holds, if it holds nothing else. */
  readonly group: Suspects | undefined;
}

/** A delivery as it came: nothing else waits, so its alerts have not been told apart. */
export interface WholeAttempt extends Attempt {
  readonly kind: 'whole';
  readonly ticket: Ticket;
}

export function wholeAttempt(ticket: Ticket): WholeAttempt {
  const { body, alerts, trace } = ticket.delivery;
  return { kind: 'whole', ticket, body, alerts: alerts.length, trace, isPoison: false };
}

/** Takes what waits of these alerts on its way. */
export function joinedAttempt(
  alerts: readonly QueuedAlert[],
  suspects: Pick<JoinedAttempt, 'group' | 'isPoison'> = { group: undefined, isPoison: false },
): JoinedAttempt {
  const parts = alerts.map((alert) => alert.begin());
  const trace = parts.find(({ delivery }) => delivery.trace !== undefined)?.delivery.trace;
  return { kind: 'joined', parts, body: joined(parts), alerts: parts.length, trace, ...suspects };
}

/** A delivery that is on its way as it came; from now on alert by alert. */
export function toldApart(attempt: WholeAttempt, alerts: readonly QueuedAlert[]): JoinedAttempt {
  const parts = [...new Set(alerts)].map((alert) => alert.begin());
  return { ...attempt, kind: 'joined', parts, group: undefined };
}

/** The alerts of each batch; those that nobody waits for are one group. */
export function groupByTicket(parts: readonly AlertPart[]): readonly (readonly AlertPart[])[] {
  const groups = new Map<Ticket | undefined, AlertPart[]>();
  for (const part of parts) groups.set(part.ticket, [...(groups.get(part.ticket) ?? []), part]);
  return [...groups.values()];
}
