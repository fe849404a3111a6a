import type { Span } from '../../platform/tracing/span.ts';
import type { Alert, AlertStatus } from '../alert/alert.ts';
import type { AnnotationSet } from '../alert/splice.ts';
import type { Demand } from './demand.ts';
import type { Reason } from './reason.ts';

/** What a source said about one check, ready to be written. */
export interface FetchedOutput {
  /** Milliseconds of the clock that only ever grows (platform/time/monotonic-clock.ts). */
  readonly fetchedAt: number;
  /** The annotations for an alert in this state. */
  readonly annotations: Readonly<Record<AlertStatus, AnnotationSet>>;
  /** False if the node knows the check but no result of it: it may have lost those it had. */
  readonly hasResult: boolean;
}

/** One question: which check of which node, and how old the answer may be. */
export interface Query {
  /** Names source, node and check. Equal keys are one request. */
  readonly key: string;
  readonly url: string;
  /** `host:port` of the node. */
  readonly host: string;
  /** The alert, or one of the alerts, that is to be enriched. Its labels are parsed for who asks for them. */
  readonly alert: Pick<Alert, 'labels'>;
  readonly status: AlertStatus;
  /** When the alert last changed its state; what was fetched earlier does not answer. On the same clock; 0 if it does not say. */
  readonly changedAt: number;
  /** The checks that are asked for, where the answer may tell of several. */
  readonly names?: readonly string[];
  /** The batch that asks, if it is traced: what is fetched for several is part of the first one's trace. */
  readonly span?: Span | undefined;
}

export interface Failure {
  readonly ok: false;
  readonly reason: Reason;
  /** A few more words for people, without secrets. */
  readonly detail?: string | undefined;
  /** Whether the answer took so long to read that its host is to be left alone: others would wait for it. */
  readonly isCostly?: boolean;
  /** The last known output, if it is not too old. */
  readonly last?: FetchedOutput | undefined;
}

export type LookupResult<T = FetchedOutput> =
  { readonly ok: true; readonly output: T; readonly cached: boolean } | Failure;

/** What one answer says of several checks, by their names; those that the node does not know are left out. */
export type Parts = ReadonlyMap<string, LookupResult>;

/**
 * The engine's verb: answers a query, at once if it can, and never rejects.
 * A policy wraps a lookup in another; a source is the innermost.
 */
export type Lookup<T = FetchedOutput> = (
  query: Query,
  patience: Demand,
) => LookupResult<T> | Promise<LookupResult<T>>;

/** Where a lookup ends. It gets the milliseconds that the whole fetch may take, and keeps to them. */
export type Source<T = FetchedOutput> = (query: Query, timeout: number) => Promise<LookupResult<T>>;
