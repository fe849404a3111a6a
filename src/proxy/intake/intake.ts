import type { IncomingHeaders, Span, Tracer } from '../../platform/tracing/span.ts';
import { statusAt, type Alert } from '../alert/alert.ts';
import type { FieldCache } from '../alert/field-cache.ts';
import { parseBatch, type ParsedBatch, type MalformedAlert } from '../alert/parse.ts';
import { spliceBatch } from '../alert/splice.ts';
import type { Delivery } from '../alertmanager/delivery.ts';
import type { BatchVerdict } from '../alertmanager/outcome.ts';
import { Deadline } from '../enrich/deadline.ts';
import type { Enricher, Enrichment } from '../enrich/enricher.ts';
import type { Admission, Admitted } from './admission.ts';
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
  /** Puts a delivery into the queue of every Alertmanager before it returns. */
  readonly send: (delivery: Delivery) => Promise<BatchVerdict>;
  readonly observer: IntakeObserver;
  readonly tracer: Tracer;
  readonly now: () => number;
}

/** What a delivery keeps of how its batch came. */
type Origin = Pick<Delivery, 'receivedAt' | 'trace'>;

/** The way of a batch: received, enriched, put together again, delivered, answered. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Takes the body of a POST. Throws BatchSyntaxError if there is no batch in it; nothing else goes wrong here.
   * @param headers those that came with it: they may name a trace that goes on here
   */
  async receive(body: Buffer, headers: IncomingHeaders): Promise<BatchAnswer> {
    const span = this.#options.tracer.start('batch', headers);
    if (span === undefined) return this.#receive(body, undefined);
    try {
      const answer = await this.#receive(body, span);
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

  #receive(body: Buffer, span: Span | undefined): Promise<BatchAnswer> {
    return this.#options.admission.run(async (admitted, enriched) => {
      if (admitted === 'refused') return { kind: 'refused' };
      const receivedAt = this.#options.now();
      const batch = parseBatch(body, this.#options.memory);
      this.#options.observer.received(batch.alerts.length, batch.malformed.length);
      const turn = this.#options.order.enter(batch.alerts);
      try {
        const origin = { receivedAt, trace: span };
        const enrichments = await this.#enrich(batch.alerts, admitted, origin);
        enriched();
        const verdict = await this.#forward(batch, enrichments, turn, origin);
        const { alerts, malformed } = batch;
        const oversized = alerts.filter(({ isOversized }) => isOversized).length;
        return { kind: 'forwarded', verdict, malformed, alerts: alerts.length, oversized };
      } finally {
        turn.leave();
      }
    });
  }

  /** Sends alerts once more whose output came too late for their batch; they are in the queues when it returns. */
  sendLate(late: readonly LateAlert[]): void {
    const { observer, send, now } = this.#options;
    for (const body of new Set(late.map((item) => item.body))) {
      const ofBatch = late.filter((item) => item.body === body);
      const alerts = ofBatch.map(({ alert }) => alert);
      const enrichments = ofBatch.map(({ asked }) => asked);
      observer.enriched(alerts, enrichments);
      void send(this.#compose(body, alerts, enrichments, { receivedAt: now() }));
    }
  }

  async #enrich(
    alerts: readonly Alert[],
    admitted: Admitted,
    { receivedAt, trace }: Origin,
  ): Promise<readonly Enrichment[]> {
    const { enricher, observer, deadline, lateWindow } = this.#options;
    const enrichments =
      admitted === 'enrich'
        ? await enricher.enrich(alerts, {
            receivedAt,
            deadline: new Deadline(deadline),
            patience: lateWindow > 0 ? new Deadline(deadline + lateWindow) : undefined,
            span: trace,
          })
        : enricher.decline(alerts, receivedAt, 'overloaded');
    observer.enriched(alerts, enrichments);
    return enrichments;
  }

  async #forward(
    { body, alerts }: ParsedBatch,
    enrichments: readonly Enrichment[],
    turn: Turn,
    origin: Origin,
  ): Promise<BatchVerdict> {
    // Nothing to forward: Alertmanager would accept an empty batch too.
    if (alerts.length === 0) return { kind: 'accepted' };
    const { send, late, lateWindow } = this.#options;
    const delivery = this.#compose(body, alerts, enrichments, origin);
    await turn.ready();
    const verdict = send(delivery);
    turn.leave();
    late.watch(body, alerts, enrichments, lateWindow);
    return verdict;
  }

  #compose(
    body: Buffer,
    alerts: readonly Alert[],
    enrichments: readonly Enrichment[],
    origin: Origin,
  ): Delivery {
    const spliced = spliceBatch(
      body,
      alerts,
      alerts.map((alert, index) => this.#options.enricher.plan(alert, enrichments[index])),
    );
    const delivered = alerts.map((alert, index) => {
      const span = spliced.spans[index] ?? alert.span;
      return { span, received: alert.span, endsAt: alert.endsAt, status: statusAt(alert, origin.receivedAt) };
    });
    return { body: spliced.body, received: body, alerts: delivered, ...origin };
  }
}
