import type { Logger } from '../platform/log.ts';
import { isOfRun, type CheckResult } from './check-result.ts';
import type { CheckStore } from './check-store.ts';
import type { Definitions } from './definitions.ts';
import type { UsableConfiguration } from './loaded-configuration.ts';
import type { AgentMetrics } from './metrics/agent-metrics.ts';

const FORGET_EVERY_MILLISECONDS = 60_000;

interface GoneChecksOptions {
  readonly store: CheckStore;
  readonly metrics: Pick<AgentMetrics, 'forget'>;
  /** Milliseconds; a check that is in no definition is forgotten when its last result, and its `ttl`, is older. */
  readonly forgetAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Lets go of checks that are no more. Silence alone tells nothing, and to forget a check resolves its alerts: so that
 * takes a configuration that was read whole, by which the runner in this process works, or an age that is set.
 */
export class GoneChecks {
  readonly #options: GoneChecksOptions;
  /** What the runner in this process is known to have run. */
  readonly #ran = new Set<string>();
  #defined: Definitions['checks'] = new Map();
  #isWhole = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GoneChecksOptions) {
    this.#options = options;
  }

  /** To be told of the definitions. If none is missing, what the runner ran and is not among them is gone. */
  define({ kind, definitions }: UsableConfiguration): void {
    this.#defined = definitions.checks;
    this.#isWhole = kind === 'whole';
    if (!this.#isWhole) return;
    this.#forget(
      (result) => isOfRun(result) && this.#ran.has(result.name) && !this.#defined.has(result.name),
    );
  }

  /** Whether a result from the runner's log is that of a check which is gone: of a run under way then, or before a restart. */
  isOfGone(result: CheckResult): boolean {
    if (!isOfRun(result)) return false;
    this.#ran.add(result.name);
    return this.#isWhole && !this.#defined.has(result.name);
  }

  /** Forgets what has been silent for too long, now and from then on. */
  start(): void {
    const { forgetAfter } = this.#options;
    if (forgetAfter === undefined) return;
    this.#forgetOld(forgetAfter);
    this.#timer = setInterval(() => {
      this.#forgetOld(forgetAfter);
    }, FORGET_EVERY_MILLISECONDS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #forgetOld(forgetAfter: number): void {
    const now = this.#options.now();
    this.#forget(({ name, executed, attributes: { ttl } }) => {
      const limit = Math.max(forgetAfter, typeof ttl === 'number' ? ttl * 1000 : 0);
      return !this.#defined.has(name) && now - executed * 1000 > limit;
    });
  }

  #forget(isGone: (result: CheckResult) => boolean): void {
    const { store, metrics, log } = this.#options;
    for (const { result } of store.forget((state) => isGone(state.result))) {
      const { name, source } = result;
      metrics.forget({ name, source });
      log.info({ check: name, source }, 'the check is no more, its last result is forgotten');
    }
  }
}
