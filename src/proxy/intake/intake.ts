import type { IncomingHeaders, Span, Tracer } from '../../platform/tracing/span.ts';
import { waitAtMost } from '../../platform/time/wait-at-most.ts';
import type { Alert } from '../alert/alert.ts';
import type { FieldCache } from '../alert/field-cache.ts';
import { parseBatch, type MalformedAlert, type ParsedBatch } from '../alert/parse.ts';
import { spliceBatch } from '../alert/splice.ts';
import { delivered, type Delivery, type Receipt } from '../alertmanager/delivery.ts';
import { worstVerdict, type BatchVerdict } from '../alertmanager/outcome.ts';
import { Deadline } from '../enrich/deadline.ts';
import type { Enricher, Enrichment } from '../enrich/enricher.ts';
import type { Admission, Place } from './admission.ts';
import { AnswerClock } from './answer-clock.ts';
import type { LateAlert, LateOutputs } from './late-outputs.ts';
import type { ReceiptOrder, Turn } from './receipt-order.ts';

/** What Prometheus is told about a batch. */
export type BatchAnswer =
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'forwarded';
      readonly verdict: BatchVerdict;
      readonly malformed: readonly MalformedAlert[];
      readonly alerts: number;
      /** Those that were too large to be read, and left as they came. */
      readonly oversized: number;
    };

/** What the intake tells the metrics and the page. */
export interface IntakeObserver {
  received(alerts: number, malformed: number): void;
  enriched(alerts: readonly Alert[], enrichments: readonly Enrichment[]): void;
}

export interface IntakeOptions {
  readonly admission: Admission;
  readonly order: ReceiptOrder;
  readonly late: LateOutputs;
  readonly memory: FieldCache;
  readonly enricher: Enricher;
  /** Milliseconds within which a batch is enriched. */
  readonly deadline: number;
  /** Milliseconds after the deadline within which late output is sent once more; 0: never. */
  readonly lateWindow: number;
  /** Puts a delivery into the queue of every Alertmanager before it returns; resolves within `patience` milliseconds. */
  readonly send: (delivery: Delivery, patience: number) => Promise<BatchVerdict>;
  readonly observer: IntakeObserver;
  readonly tracer: Tracer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** A POST of a batch. */
export interface BatchRequest {
  readonly body: Buffer;
  /** They may name a trace that goes on here. */
  readonly headers: IncomingHeaders;
  /** Who sent it: senders take turns. */
  readonly sender: string;
  /** When its first byte came, in milliseconds of the monotonic clock. */
  readonly startedAt: number;
}

/** How a batch came. */
interface Origin extends Pick<Delivery, 'sender' | 'trace'> {
  readonly receipt: Receipt;
  readonly clock: AnswerClock;
}

/** Alerts that are sent because their output came late: nobody waits for an answer. */
const LATE_SENDER = 'late outputs';

/** The way of a batch: received, enriched, put together again, delivered, answered. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Takes a batch. Throws a BatchSyntaxError if the body is not a batch, and nothing else. */
  async receive(request: BatchRequest): Promise<BatchAnswer> {
    const span = this.#options.tracer.start('batch', request.headers);
    if (span === undefined) return this.#receive(request, undefined);
    try {
      const answer = await this.#receive(request, span);
      if (answer.kind === 'refused') span.end({}, 'refused');
      else
        span.end(
          { alerts: answer.alerts },
          answer.verdict.kind === 'accepted' ? undefined : answer.verdict.kind,
        );
      return answer;
    } catch (error) {
      span.end({}, 'no batch of alerts');
      throw error;
    }
  }

  async #receive({ body, sender, startedAt }: BatchRequest, trace: Span | undefined): Promise<BatchAnswer> {
    const { admission, order, monotonic } = this.#options;
    const clock = new AnswerClock(startedAt, monotonic);
    const receipt = this.#receiptNow();
    const arrival = order.arrive();
    const place = await admission.enter(sender, clock.leftForLine());
    if (place === undefined) {
      arrival.leave();
      return { kind: 'refused' };
    }
    const leave = (): void => {
      arrival.leave();
      place.leave();
    };
    try {
      const batch = parseBatch(body, this.#options.memory);
      this.#options.observer.received(batch.alerts.length, batch.malformed.length);
      const turn = arrival.enter(batch.alerts);
      const verdict = this.#deliver(batch.body, turn, place, { sender, trace, receipt, clock }).finally(
        leave,
      );
      return answerFor(batch, (await waitAtMost(clock.left(), verdict)) ?? TIME_IS_OVER);
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #deliver(body: Buffer, turn: Turn, place: Place, origin: Origin): Promise<BatchVerdict> {
    try {
      const enrichments = await this.#enrich(turn.alerts, place, origin);
      place.enrichmentDone();
      const own = await this.#forward(body, enrichments, turn, origin);
      return worstVerdict([own, ...(await Promise.all(turn.overtakenBy))]);
    } finally {
      turn.leave();
    }
  }

  /** Sends alerts once more whose output came too late for their batch; they are in the queues when it returns. */
  sendLate(late: readonly LateAlert[]): void {
    const { observer, send } = this.#options;
    for (const body of new Set(late.map((item) => item.body))) {
      const ofBatch = late.filter((item) => item.body === body);
      const alerts = ofBatch.map(({ alert }) => alert);
      const enrichments = ofBatch.map(({ asked }) => asked);
      observer.enriched(alerts, enrichments);
      const origin = { sender: LATE_SENDER, receipt: this.#receiptNow() };
      void send(this.#compose(body, alerts, enrichments, origin), 0);
    }
  }

  async #enrich(
    alerts: readonly Alert[],
    { mayEnrich }: Place,
    { receipt: { at: receivedAt }, trace, clock }: Origin,
  ): Promise<readonly Enrichment[]> {
    const { enricher, observer, deadline, lateWindow } = this.#options;
    const time = Math.min(deadline, clock.leftForEnrichment());
    const enrichments =
      mayEnrich && time > 0
        ? await enricher.enrich(alerts, {
            receivedAt,
            deadline: new Deadline(time),
            patience: lateWindow > 0 ? new Deadline(time + lateWindow) : undefined,
            span: trace,
          })
        : enricher.decline(alerts, receivedAt, 'overloaded');
    observer.enriched(alerts, enrichments);
    return enrichments;
  }

  async #forward(
    body: Buffer,
    enrichments: readonly Enrichment[],
    turn: Turn,
    origin: Origin,
  ): Promise<BatchVerdict> {
    const { alerts } = turn;
    // Nothing to forward: Alertmanager would accept an empty batch too.
    if (alerts.length === 0) return { kind: 'accepted' };
    const { send, late, lateWindow } = this.#options;
    const delivery = this.#compose(body, alerts, enrichments, origin);
    await turn.ready();
    const verdict = send(delivery, origin.clock.left());
    turn.sent(verdict);
    late.watch(body, alerts, enrichments, lateWindow);
    return verdict;
  }

  #compose(
    received: Buffer,
    alerts: readonly Alert[],
    enrichments: readonly Enrichment[],
    { sender, trace, receipt }: Omit<Origin, 'clock'>,
  ): Delivery {
    const { body, spans } = spliceBatch(received, alerts, this.#options.enricher.plan(alerts, enrichments));
    const onTheirWay = alerts.map((alert, index) => delivered(alert, spans[index] ?? alert.span, receipt));
    return { body, received, alerts: onTheirWay, sender, trace };
  }

  #receiptNow(): Receipt {
    return { at: this.#options.now(), tick: this.#options.monotonic() };
  }
}

const TIME_IS_OVER: BatchVerdict = {
  kind: 'unavailable',
  sentence: 'the time for an answer is over; the alerts are sent later',
};

function answerFor({ alerts, malformed }: ParsedBatch, verdict: BatchVerdict): BatchAnswer {
  const oversized = alerts.filter(({ isOversized }) => isOversized).length;
  return { kind: 'forwarded', verdict, malformed, alerts: alerts.length, oversized };
}
