import type { Span } from '../../platform/tracing/span.ts';
import { statusAt, type Alert } from '../alert/alert.ts';
import { identityAt } from '../alert/identity.ts';
import type { ByteRange } from '../alert/bytes/scan.ts';

/** One alert of a batch on its way to Alertmanager. */
export interface DeliveredAlert {
  /** Where it lies in the body. */
  readonly span: ByteRange;
  /** Where it lay in the body that was received. */
  readonly received: ByteRange;
  /** From when on it is not sent again after a failure, in milliseconds of the monotonic clock. */
  readonly expiresAt: number;
  /** Whether Alertmanager may refuse it, and then answers for the whole POST with a 400. */
  readonly isDoubtful: boolean;
}

/** The same bytes for every Alertmanager, and what must be known to send them later than at once. */
export interface Delivery {
  readonly body: Buffer;
  /** The body of the batch, as it was received. */
  readonly received: Buffer;
  readonly alerts: readonly DeliveredAlert[];
  /** Who sent the batch: senders take turns. */
  readonly sender: string;
  /** Span of the batch, if tracing is on. */
  readonly trace?: Span | undefined;
}

/** When a batch was received. */
export interface Receipt {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds of the monotonic clock. */
  readonly tick: number;
}

/** Alertmanager's default resolve_timeout, which it applies to an alert that does not say when it ends. */
const RESOLVE_TIMEOUT_MS = 5 * 60_000;
/** As long as Prometheus re-sends a resolved alert (rules/alerting.go resolvedRetention). */
const RESOLVED_RETENTION_MS = 15 * 60_000;

/** What a queue has to know of an alert. A firing one that came later than its endsAt would resolve itself. */
export function delivered(alert: Alert, span: ByteRange, receipt: Receipt): DeliveredAlert {
  return {
    span,
    received: alert.span,
    expiresAt: receipt.tick + lifetimeOf(alert, receipt.at),
    isDoubtful: mayBeRefused(alert, receipt.at),
  };
}

function lifetimeOf(alert: Alert, receivedAt: number): number {
  if (statusAt(alert, receivedAt) === 'resolved') return RESOLVED_RETENTION_MS;
  return alert.endsAt === undefined ? RESOLVE_TIMEOUT_MS : alert.endsAt - receivedAt;
}

// Alertmanager lets an alert without endsAt end after its resolve_timeout, and refuses what ends before it starts
// (alertmanager api/v2/api.go postAlertsHandler, alert/alert.go Validate). It stores the others of the POST.
function mayBeRefused({ startsAt, endsAt }: Alert, receivedAt: number): boolean {
  return endsAt === undefined && startsAt !== undefined && startsAt > receivedAt + RESOLVE_TIMEOUT_MS;
}

/** Which alert it is; equal for two states of one. */
export function identityIn({ received }: Delivery, alert: DeliveredAlert): string {
  return identityAt(received, alert.received);
}

/** Whether something was written into the alert. */
export function isAnnotated({ span, received }: DeliveredAlert): boolean {
  return lengthOf(span) > lengthOf(received);
}

/** A delivery of this alert only, without what was written into it. */
export function asReceived(delivery: Delivery, alert: DeliveredAlert): Delivery {
  return onlyOf({ ...delivery, body: delivery.received }, { ...alert, span: alert.received });
}

/** A delivery of this alert only, with memory of its own: it keeps nothing of its batch. */
export function onlyOf(delivery: Delivery, alert: DeliveredAlert): Delivery {
  const body = elementOf(delivery.body, alert.span);
  const isLonger = lengthOf(alert.span) !== lengthOf(alert.received);
  const received = isLonger ? elementOf(delivery.received, alert.received) : body;
  const span = { start: 1, end: 1 + lengthOf(alert.span) };
  const place = { start: 1, end: 1 + lengthOf(alert.received) };
  return { ...delivery, body, received, alerts: [{ ...alert, span, received: place }] };
}

/** An array of alerts that may come out of several deliveries. */
export function joined(parts: readonly { delivery: Delivery; alert: DeliveredAlert }[]): Buffer {
  const pieces = parts.flatMap(({ delivery: { body }, alert: { span } }, index) => [
    index === 0 ? OPEN : COMMA,
    body.subarray(span.start, span.end),
  ]);
  return Buffer.concat([...pieces, CLOSE]);
}

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

// Not out of Node's pool, where a small piece keeps 8 KB of its neighbours.
function elementOf(body: Buffer, { start, end }: ByteRange): Buffer {
  const element = Buffer.allocUnsafeSlow(end - start + 2);
  OPEN.copy(element);
  body.copy(element, 1, start, end);
  CLOSE.copy(element, element.length - 1);
  return element;
}

/** Bytes. */
export function lengthOf({ start, end }: ByteRange): number {
  return end - start;
}
