import type { Span } from '../../platform/tracing/span.ts';
import type { AlertStatus } from '../alert/alert.ts';
import type { ByteRange } from '../alert/json-scan.ts';

/** One alert of a batch on its way to Alertmanager. */
export interface DeliveredAlert {
  /** Where it lies in the body. */
  readonly span: ByteRange;
  /** What it was when it was received. */
  readonly status: AlertStatus;
  /** Milliseconds since 1970; undefined: Alertmanager decides. */
  readonly endsAt: number | undefined;
}

/** The same bytes for every Alertmanager, and what must be known to send them later than at once. */
export interface Delivery {
  readonly body: Buffer;
  readonly alerts: readonly DeliveredAlert[];
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The batch that it was, if that is traced. */
  readonly trace?: Span | undefined;
}

/** Alertmanager's default resolve_timeout, which it applies to an alert that does not say when it ends. */
const RESOLVE_TIMEOUT = 5 * 60_000;
/** As long as Prometheus re-sends a resolved alert (rules/alerting.go resolvedRetention). */
const RESOLVED_RETENTION = 15 * 60_000;

/**
 * What of a delivery may still be sent after a failure: a firing alert that came later than its endsAt would resolve itself.
 * The delivery itself if nothing has expired; undefined if nothing is left.
 */
export function withoutExpired(delivery: Delivery, now: number): Delivery | undefined {
  const alive = delivery.alerts.filter((alert) => now < expiryOf(alert, delivery.receivedAt));
  if (alive.length === delivery.alerts.length) return delivery;
  return alive.length === 0 ? undefined : subset(delivery, alive);
}

function expiryOf({ status, endsAt }: DeliveredAlert, receivedAt: number): number {
  if (status === 'resolved') return receivedAt + RESOLVED_RETENTION;
  return endsAt ?? receivedAt + RESOLVE_TIMEOUT;
}

function subset(delivery: Delivery, alerts: readonly DeliveredAlert[]): Delivery {
  const parts: Buffer[] = [];
  let position = 1;
  const moved = alerts.map((alert, index) => {
    const bytes = delivery.body.subarray(alert.span.start, alert.span.end);
    if (index > 0) position += 1;
    const start = position;
    position += bytes.length;
    parts.push(Buffer.from(index === 0 ? '[' : ','), bytes);
    return { ...alert, span: { start, end: position } };
  });
  return { ...delivery, body: Buffer.concat([...parts, Buffer.from(']')]), alerts: moved };
}
