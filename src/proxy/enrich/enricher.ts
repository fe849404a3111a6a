import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Span } from '../../platform/tracing/span.ts';
import {
  changedAt,
  statusAt,
  type Alert,
  type AlertStatus,
  type Finder,
  type LabelSet,
} from '../alert/alert.ts';
import type { AnnotationPlan, AnnotationSet } from '../alert/splice.ts';
import type { Deadline } from './deadline.ts';
import { withMismatchNote } from './status-mismatch.ts';
import type { Failure, LookupResult, Query } from './lookup.ts';
import { agedAnnotations, failureAnnotations } from './failure-annotations.ts';
import type { Demand } from './demand.ts';
import type { Reason } from './reason.ts';
import { findRule, type SourceRule } from './rule.ts';

/** A matched alert, what was asked for it, what came, and how long that took. */
export interface Enriched {
  readonly kind: 'asked';
  readonly rule: SourceRule;
  readonly status: AlertStatus;
  /** Undefined if the labels do not make a URL. */
  readonly query: Query | undefined;
  readonly result: LookupResult;
  readonly milliseconds: number;
  /** The answer that was still under way when the deadline was over. */
  readonly late?: Promise<Enriched>;
}

/** What became of one alert. */
export type Enrichment =
  /** No source takes it, or it is too large to be asked about. */
  | { readonly kind: 'unmatched' }
  /** Matched, but there is nothing to write: `resolved: skip`, or `cached` with nothing in the cache. */
  | { readonly kind: 'skipped'; readonly rule: SourceRule }
  | Enriched;

export interface EnricherOptions {
  readonly rules: readonly SourceRule[];
  /** Milliseconds that only ever grow: the clock of the sources. */
  readonly now: () => number;
  /** The clock of the alerts: milliseconds since 1970. Default: the same. */
  readonly wallClock?: () => number;
}

/** How a batch is to be enriched. */
export interface EnrichOptions {
  /** Decides what fires and what has resolved; milliseconds since 1970. */
  readonly receivedAt: number;
  /** When to answer; what has not come by then counts as failed. */
  readonly deadline: Deadline;
  /** Until when a fetch may still start; by default the deadline too. */
  readonly patience?: Demand | undefined;
  /** What the fetches are part of, if that is traced. */
  readonly span?: Span | undefined;
}

/** What the configuration makes of a label set: whom to ask, or why nobody can be asked. */
type EnrichmentTarget =
  | { readonly kind: 'unmatched' }
  | { readonly kind: 'unfit'; readonly rule: SourceRule; readonly problem: string }
  | {
      readonly kind: 'ask';
      readonly rule: SourceRule;
      readonly key: string;
      readonly url: string;
      readonly host: string;
    };

/** An alert that matched, and is to be asked about. */
type Question = Pick<Enriched, 'rule' | 'status'> & { readonly query: Query };

/** Alerts of a batch that are asked about before others get their turn: probes, senders, the deadline. */
const SLICE = 500;
/** Alerts of all batches that wait for an answer: each costs some 4.5 KB. Prometheus sends 256 at a time. */
const MAX_WAITING = 20_000;

/** What the alerts of a batch have in common. */
interface Arrival extends Pick<EnrichOptions, 'receivedAt' | 'span'> {
  /** From the clock of the alerts to the clock of the sources. */
  readonly clockOffset: number;
}

const UNMATCHED: Enrichment = { kind: 'unmatched' };

/** Finds out for each alert of a batch what its check said. Never fails, and is done when the deadline is over. */
export class Enricher {
  readonly #now: () => number;
  readonly #wallClock: () => number;
  /** Alerts that wait for an answer. */
  #waiting = 0;
  readonly #targets: Finder<EnrichmentTarget>;

  constructor({ rules, now, wallClock = now }: EnricherOptions) {
    this.#wallClock = wallClock;
    this.#targets = { find: (labels) => findTarget(rules, labels) };
    this.#now = now;
  }

  /** One enrichment per alert, in order. */
  async enrich(
    alerts: readonly Alert[],
    { receivedAt, deadline, patience = deadline, span }: EnrichOptions,
  ): Promise<readonly Enrichment[]> {
    const startedAt = this.#now();
    const arrival: Arrival = { receivedAt, clockOffset: this.#clockOffset(), span };
    const enrichments: Enrichment[] = [];
    const pending: Promise<void>[] = [];
    for (const [index, alert] of alerts.entries()) {
      if (index % SLICE === 0 && index > 0) await nextTurn();
      const question = this.#question(alert, arrival);
      if ('kind' in question) {
        enrichments.push(question);
        continue;
      }
      if (this.#waiting >= MAX_WAITING) {
        enrichments.push(this.#asked(question, this.#failed(question, 'overloaded'), startedAt));
        continue;
      }
      const answer = question.rule.lookup(question.query, patience);
      if (!(answer instanceof Promise)) {
        enrichments.push(this.#asked(question, answer, startedAt));
        continue;
      }
      this.#waiting += 1;
      const late = answer.then((result) => {
        this.#waiting -= 1;
        return this.#asked(question, result, startedAt);
      });
      enrichments.push({ ...this.#asked(question, this.#failed(question, 'deadline'), startedAt), late });
      pending.push(
        late.then((asked) => {
          if (!deadline.exhausted) enrichments[index] = asked;
        }),
      );
    }
    if (pending.length > 0) await Promise.race([Promise.all(pending), deadline.over]);
    deadline.cancel();
    return enrichments;
  }

  /** The same without asking anybody: every matched alert gets the reason, and the last known output. */
  decline(alerts: readonly Alert[], receivedAt: number, reason: Reason): readonly Enrichment[] {
    const now = this.#now();
    const arrival: Arrival = { receivedAt, clockOffset: this.#clockOffset() };
    return alerts.map((alert) => {
      const question = this.#question(alert, arrival);
      return 'kind' in question ? question : this.#asked(question, this.#failed(question, reason), now);
    });
  }

  // What to ask for an alert, or what becomes of it without asking.
  #question(alert: Alert, { receivedAt, clockOffset, span }: Arrival): Question | Enrichment {
    if (alert.isOversized === true) return UNMATCHED;
    const target = alert.known?.found(this.#targets) ?? this.#targets.find(alert.labels);
    if (target.kind === 'unmatched') return UNMATCHED;
    const { rule } = target;
    const status = statusAt(alert, receivedAt);
    const mode = status === 'resolved' ? rule.resolved : 'fetch';
    if (mode === 'skip') return { kind: 'skipped', rule };
    if (target.kind === 'unfit') {
      const result: Failure = { ok: false, reason: 'template', detail: target.problem };
      return { kind: 'asked', rule, status, query: undefined, result, milliseconds: 0 };
    }
    const { key, url, host } = target;
    const query = {
      key,
      url,
      host,
      alert,
      status,
      changedAt: onOwnClock(changedAt(alert, status), clockOffset),
      span,
    };
    if (mode === 'fetch') return { rule, status, query };
    const output = rule.lastKnown(key);
    if (output === undefined) return { kind: 'skipped', rule };
    const result: LookupResult = { ok: true, output, cached: true };
    return { kind: 'asked', rule, status, query, result, milliseconds: 0 };
  }

  /** What to write into each alert of a batch, in order; undefined: nothing. */
  plan(
    alerts: readonly Alert[],
    enrichments: readonly Enrichment[],
  ): readonly (AnnotationPlan | undefined)[] {
    // Read once: the clock is much of what a cached alert costs.
    const now = this.#now();
    return alerts.map((alert, index) => planAnnotations(alert, enrichments[index], now));
  }

  // Only here do the two clocks meet: what was fetched before somebody set the wall clock is as old as it was.
  #clockOffset(): number {
    return this.#now() - this.#wallClock();
  }

  #asked({ rule, status, query }: Question, result: LookupResult, startedAt: number): Enriched {
    return { kind: 'asked', rule, status, query, result, milliseconds: this.#now() - startedAt };
  }

  #failed({ rule, query }: Question, reason: Reason): Failure {
    return { ok: false, reason, last: rule.lastKnown(query.key) };
  }
}

function onOwnClock(moment: number, clockOffset: number): number {
  return moment === 0 ? 0 : moment + clockOffset;
}

function findTarget(rules: readonly SourceRule[], labels: LabelSet): EnrichmentTarget {
  const rule = findRule(rules, labels);
  if (rule === undefined) return { kind: 'unmatched' };
  const expanded = rule.template.expand(labels);
  if (typeof expanded === 'string') return { kind: 'unfit', rule, problem: expanded };
  const { url, host } = expanded;
  return { kind: 'ask', rule, key: `${rule.id} ${url}`, url, host };
}

/** What to write into the alert; undefined: nothing. */
export function planAnnotations(
  alert: Pick<Alert, 'annotation'>,
  enrichment: Enrichment | undefined,
  now: number,
): AnnotationPlan | undefined {
  if (enrichment?.kind !== 'asked') return undefined;
  return { annotations: annotationsFor(alert, enrichment, now), overwrite: enrichment.rule.overwrite };
}

function annotationsFor(
  alert: Pick<Alert, 'annotation'>,
  { rule, status, query, result }: Enriched,
  now: number,
): AnnotationSet {
  const name = rule.outputAnnotation;
  if (!result.ok) return failureAnnotations({ ...result, host: query?.host }, name, status, now);
  const { output, cached } = result;
  // Only where a resolved alert takes what is cached, whatever that tells of.
  const isOutdated = cached && query !== undefined && output.fetchedAt < query.changedAt;
  if (isOutdated) return agedAnnotations(output, name, status, now);
  const annotations = output.annotations[status];
  return status === 'firing' ? withMismatchNote(annotations, alert, name) : annotations;
}
