import type { Tracer } from '../../platform/tracing/span.ts';
import { KeptNames } from '../../platform/http/kept-names.ts';
import { createNodeNames } from '../../platform/http/name-resolver.ts';
import { LoopWatch } from '../../platform/time/loop-watch.ts';
import { monotonicNow } from '../../platform/time/monotonic-clock.ts';
import type { Logger } from '../../platform/log/log.ts';
import { FieldCache } from '../alert/field-cache.ts';
import type { SendLoop } from '../alertmanager/send-loop.ts';
import { sendToAll } from '../alertmanager/send-to-all.ts';
import type { Config } from '../config/schema.ts';
import { OutputCache } from '../enrich/output-cache.ts';
import { Enricher } from '../enrich/enricher.ts';
import { TwoLineLimit } from '../enrich/policy/two-line-limit.ts';
import { ROUNDS_OF_FETCHES } from '../enrich/policy/fetch-limits.ts';
import { Admission } from '../intake/admission.ts';
import { Intake, type IntakeObserver } from '../intake/intake.ts';
import { LateOutputs } from '../intake/late-outputs.ts';
import { ReceiptOrder } from '../intake/receipt-order.ts';
import type { ProxyMetrics } from '../metrics/proxy-metrics.ts';
import type { SendHistory } from '../activity/send-history.ts';
import { buildAlertmanagers, createSending, type BuiltAlertmanagers, type Sending } from './alertmanagers.ts';
import { ReusedParts } from '../../platform/config/reused-parts.ts';
import { buildRules, type BuiltRule } from './rule.ts';
import { buildTracer, stopTracer } from './tracer.ts';
import { settingsId } from '../../platform/config/settings-id.ts';

export interface EngineOptions {
  readonly metrics: ProxyMetrics;
  readonly observer: IntakeObserver;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** The parts made from one configuration. */
export interface Generation {
  readonly config: Config;
  readonly intake: Intake;
  readonly rules: readonly BuiltRule[];
  readonly alertmanagers: readonly BuiltAlertmanagers[];
  readonly cache: OutputCache;
  readonly totalLimit: TwoLineLimit;
  readonly admission: Admission;
}

/**
 * Builds the parts of a configuration and puts them in force. A new configuration takes over the parts whose settings did
 * not change, with their state: cache, circuits, queues.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #loop = new LoopWatch();
  readonly #nodeNames = createNodeNames();
  readonly #alertmanagerNames = new KeptNames();
  readonly #order = new ReceiptOrder();
  readonly #memory = new FieldCache();
  readonly #late: LateOutputs;
  readonly #sending: Sending;
  readonly #caches = new ReusedParts<OutputCache>();
  readonly #limits = new ReusedParts<TwoLineLimit>();
  readonly #admissions = new ReusedParts<Admission>();
  readonly #rules = new ReusedParts<BuiltRule>();
  readonly #alertmanagers = new ReusedParts<BuiltAlertmanagers>(({ close }) => close());
  readonly #tracers = new ReusedParts<Promise<Tracer>>(stopTracer);
  /** In the order in which they end, so that the last deliveries are traced too. */
  readonly #kept: readonly Pick<ReusedParts<unknown>, 'commit' | 'rollback' | 'stop'>[] = [
    this.#caches,
    this.#limits,
    this.#admissions,
    this.#rules,
    this.#alertmanagers,
    this.#tracers,
  ];
  #current: Generation | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#sending = createSending(options);
    this.#late = new LateOutputs({
      now: options.now,
      monotonic: options.monotonic,
      send: (alerts) => this.#current?.intake.sendLate(alerts),
    });
  }

  /** The configuration in force; undefined before the first. */
  get current(): Generation | undefined {
    return this.#current;
  }

  /** Queued alerts by Alertmanager URL, including those that left the configuration and still drain. */
  queuedAlerts(): ReadonlyMap<string, number> {
    return this.#sending.loops.queuedAlerts();
  }

  /** How sending from this loop went. */
  historyOf(loop: SendLoop): SendHistory | undefined {
    return this.#sending.historyOf(loop);
  }

  /**
   * Builds everything first, and only then puts it in force. If building throws, the old configuration stays.
   * Allows one call at a time, and none after `stop`.
   */
  async load(config: Config): Promise<Generation> {
    try {
      const tracer = await this.#tracers.keep(settingsId(config.tracing), () =>
        buildTracer(config, this.#options.log),
      );
      const generation = this.#build(config, tracer);
      // New Alertmanagers find their targets before they get alerts.
      await Promise.all(this.#alertmanagers.added.map(({ find }) => find()));
      this.#enforce(generation);
      return generation;
    } catch (error) {
      for (const kept of this.#kept) kept.rollback();
      throw error;
    }
  }

  /** Sends what is queued, for a limited time, and ends all background work. */
  async stop(): Promise<void> {
    for (const kept of this.#kept) await kept.stop();
  }

  #build(config: Config, tracer: Tracer): Generation {
    const { enrichment } = config;
    const { max_entries: maxEntries, max_bytes: maxBytes } = enrichment.cache;
    const { log, now, monotonic, observer } = this.#options;
    const cache = this.#caches.keep(
      settingsId(maxEntries, maxBytes),
      () => new OutputCache({ maxEntries, maxBytes }),
    );
    const totalLimit = this.#limits.keep(
      settingsId(enrichment.max_concurrency),
      () => new TwoLineLimit({ concurrency: enrichment.max_concurrency, rounds: ROUNDS_OF_FETCHES }),
    );
    const admission = this.#admissions.keep(
      settingsId(enrichment.max_concurrent_batches, enrichment.max_pending_batches),
      () => createAdmission(config),
    );
    const rules = this.#buildRules(config, cache, totalLimit);
    const alertmanagers = this.#buildAlertmanagers(config);
    const intake = new Intake({
      admission,
      order: this.#order,
      late: this.#late,
      memory: this.#memory,
      enricher: new Enricher({
        rules: rules.map(({ rule }) => rule),
        now: monotonicNow,
        wallClock: now,
      }),
      deadline: enrichment.deadline,
      lateWindow: enrichment.late_window,
      // A batch that was received under an older configuration goes where the one in force says.
      send: (delivery, patience) => {
        const entries = this.#current?.alertmanagers ?? alertmanagers;
        return sendToAll(
          entries.map(({ set }) => set),
          delivery,
          Math.min(patience, Math.max(...entries.map(({ timeout }) => timeout))),
        );
      },
      observer,
      tracer,
      now,
      monotonic,
    });
    log.debug({ sources: rules.length }, 'configuration built');
    return { config, intake, rules, alertmanagers, cache, totalLimit, admission };
  }

  #buildRules(config: Config, cache: OutputCache, totalLimit: TwoLineLimit): BuiltRule[] {
    const { enrichment } = config;
    const shared = {
      ...this.#options,
      now: monotonicNow,
      loop: this.#loop,
      enrichment,
      cache,
      totalLimit,
      resolve: this.#nodeNames,
    };
    return buildRules(config, shared, (id, create) => this.#rules.keep(id, create));
  }

  // The same entry twice is one.
  #buildAlertmanagers({ alertmanagers }: Config): BuiltAlertmanagers[] {
    const built = alertmanagers.map((entry) =>
      this.#alertmanagers.keep(settingsId(entry), () =>
        buildAlertmanagers(entry, {
          loops: this.#sending.loops,
          names: this.#alertmanagerNames,
          log: this.#options.log,
        }),
      ),
    );
    return [...new Set(built)];
  }

  // In one step: a batch sees the old configuration or the new one, never a mix.
  #enforce(generation: Generation): void {
    this.#current = generation;
    this.#options.metrics.followSources(generation.config.sources.map(({ name }) => name));
    // New ones open before old ones close, so that an Alertmanager that stays keeps its queue.
    for (const { open } of generation.alertmanagers) open();
    for (const kept of this.#kept) kept.commit();
  }
}

function createAdmission({ enrichment }: Config): Admission {
  return new Admission({
    maxEnriching: enrichment.max_concurrent_batches,
    maxPending: enrichment.max_pending_batches,
  });
}
