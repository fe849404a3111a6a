import type { AlertSpan } from './bytes/spans.ts';

/** Label or annotation names to values. Read-only: a changed label would be another alert. */
export type LabelSet = Readonly<Record<string, string>>;

export type AlertStatus = 'firing' | 'resolved';

/** Finds something out that depends on nothing but the labels. */
export interface Finder<T extends object> {
  find(labels: LabelSet): T;
}

/** A label set that came before in the same bytes, and what was found out about it then. */
export interface KnownLabels {
  /** Calls `owner.find` only if the last one to ask was another owner. */
  found<T extends object>(owner: Finder<T>): T;
}

/** One alert as it came in: read for its meaning, and still lying in the body it came in. */
export interface Alert {
  /** May be parsed anew at each look: keep what you need of them. */
  readonly labels: LabelSet;
  readonly annotationNames: readonly string[];
  /** May be parsed anew at each look. */
  readonly annotations: LabelSet;
  /** One of them. Parsed once for alerts that come in the same bytes again and again, if it is always the same one. */
  annotation(name: string): string | undefined;
  /** Milliseconds since 1970; undefined if the sender left it to Alertmanager. */
  readonly startsAt: number | undefined;
  readonly endsAt: number | undefined;
  /** Where it lies in the body of its batch. */
  readonly span: AlertSpan;
  /** The same object for alerts whose labels came in the same bytes; undefined: not remembered. */
  readonly known?: KnownLabels | undefined;
  /** So large that its annotations are not read, and seem empty: it is to leave as it came. */
  readonly isOversized?: boolean;
  /** Stands for labels that are so large themselves that they are not read, and seem empty. */
  readonly labelsHash?: string | undefined;
}

/**
 * How far the sender's clock may be ahead. Prometheus resolves an alert with the time of its own clock, and one
 * that fires ends minutes later: after four times its resend delay (rules/alerting.go sendAlerts).
 */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * What the sender means by the alert that has come at this moment: Alertmanager takes it for the same
 * (alertmanager alert/alert.go ResolvedAt), but for clocks that differ.
 */
export function statusAt(alert: Pick<Alert, 'endsAt'>, receivedAt: number): AlertStatus {
  return alert.endsAt !== undefined && alert.endsAt <= receivedAt + CLOCK_TOLERANCE_MS
    ? 'resolved'
    : 'firing';
}

/** When the alert last changed its state, in milliseconds since 1970; 0 if it does not say. */
export function changedAt(alert: Pick<Alert, 'startsAt' | 'endsAt'>, status: AlertStatus): number {
  return (status === 'resolved' ? alert.endsAt : alert.startsAt) ?? 0;
}

/**
 * One string per label set, equal for equal sets whatever their order in the body.
 * Labels with an empty value count as absent, as in Alertmanager.
 */
export function identityOf(labels: LabelSet): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return JSON.stringify(pairs.sort(([one], [other]) => (one < other ? -1 : 1)));
}
