import type { Span } from '../../platform/tracing/span.ts';
import type { AlertStatus } from '../alert/alert.ts';
import { identityAt } from '../alert/identity.ts';
import type { ByteRange } from '../alert/bytes/scan.ts';

/** One alert of a batch on its way to Alertmanager. */
export interface DeliveredAlert {
  /** Where it lies in the body. */
  readonly span: ByteRange;
  /** Where it lay in the body that was received. */
  readonly received: ByteRange;
  /** What it was when it was received. */
  readonly status: AlertStatus;
  /** Milliseconds since 1970; undefined: Alertmanager decides. */
  readonly endsAt: number | undefined;
}

/** The same bytes for every Alertmanager, and what must be known to send them later than at once. */
export interface Delivery {
  readonly body: Buffer;
  /** The body of the batch, as it was received. */
  readonly received: Buffer;
  readonly alerts: readonly DeliveredAlert[];
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The batch that it was, if that is traced. */
  readonly trace?: Span | undefined;
}

/** Alertmanager's default resolve_timeout, which it applies to an alert that does not say when it ends. */
const RESOLVE_TIMEOUT_MS = 5 * 60_000;
/** As long as Prometheus re-sends a resolved alert (rules/alerting.go resolvedRetention). */
const RESOLVED_RETENTION_MS = 15 * 60_000;

/**
 * What of a delivery may still be sent after a failure: a firing alert that came later than its endsAt would resolve itself.
 * The delivery itself if nothing has expired; undefined if nothing is left.
 */
export function withoutExpired(delivery: Delivery, now: number): Delivery | undefined {
  const alive = delivery.alerts.filter((alert) => now < expiryOf(alert, delivery.receivedAt));
  if (alive.length === delivery.alerts.length) return delivery;
  return alive.length === 0 ? undefined : partOf(delivery, alive);
}

function expiryOf({ status, endsAt }: DeliveredAlert, receivedAt: number): number {
  if (status === 'resolved') return receivedAt + RESOLVED_RETENTION_MS;
  return endsAt ?? receivedAt + RESOLVE_TIMEOUT_MS;
}

/** What takes less room at an Alertmanager for which it is too large, in order; empty: nothing does. */
export function smallerParts(delivery: Delivery): readonly Delivery[] {
  const { alerts } = delivery;
  if (alerts.length > 1) return halvesOf(delivery);
  return alerts.some(isAnnotated) ? [asReceived(delivery)] : [];
}

/** Two deliveries of the alerts of one, in order; at least two alerts must be in it. */
export function halvesOf(delivery: Delivery): readonly Delivery[] {
  const { alerts } = delivery;
  const middle = Math.ceil(alerts.length / 2);
  return [alerts.slice(0, middle), alerts.slice(middle)].map((half) => partOf(delivery, half));
}

/**
 * Which alert each is; equal for two states of one. Read again from the bytes that were received: it is seldom asked
 * for, and alerts that were kept for it would take more memory than their bytes.
 */
export function identitiesOf({ received, alerts }: Delivery): readonly string[] {
  return alerts.map((alert) => identityAt(received, alert.received));
}

function isAnnotated({ span, received }: DeliveredAlert): boolean {
  return span.end - span.start > received.end - received.start;
}

/** Without what was written into it. */
function asReceived(delivery: Delivery): Delivery {
  const alerts = delivery.alerts.map((alert) => ({ ...alert, span: alert.received }));
  return partOf({ ...delivery, body: delivery.received }, alerts);
}

/** A delivery of its own of some of the alerts. */
export function partOf(delivery: Delivery, alerts: readonly DeliveredAlert[]): Delivery {
  const sent = gather(
    delivery.body,
    alerts.map(({ span }) => span),
  );
  // So that a small part does not keep all that was received.
  const received = gather(
    delivery.received,
    alerts.map((alert) => alert.received),
  );
  const moved = alerts.map((alert, index) => ({
    ...alert,
    span: sent.places[index] ?? alert.span,
    received: received.places[index] ?? alert.received,
  }));
  return { ...delivery, body: sent.body, received: received.body, alerts: moved };
}

/** An array of some elements of another, and where they lie in it. */
function gather(
  body: Buffer,
  elements: readonly ByteRange[],
): { readonly body: Buffer; readonly places: readonly ByteRange[] } {
  const parts: Buffer[] = [];
  let position = 0;
  const places = elements.map(({ start, end }, index) => {
    parts.push(Buffer.from(index === 0 ? '[' : ','), body.subarray(start, end));
    const place = { start: position + 1, end: position + 1 + end - start };
    position = place.end;
    return place;
  });
  return { body: Buffer.concat([...parts, Buffer.from(']')]), places };
}
