import type { Logger } from '../platform/log/log.ts';
import type { CheckResult } from '../checks/result.ts';
import type { ResultOrigin } from '../checks/result-sink.ts';
import type { CheckState } from '../checks/state.ts';
import type { Definitions } from '../checks/definitions.ts';
import type { NodeChecks } from './node-checks.ts';
import type { UsableConfiguration } from './loaded-configuration.ts';
import type { AgentMetrics } from './metrics/agent-metrics.ts';

const FORGET_EVERY_MS = 60_000;

interface RemovedChecksOptions {
  readonly checks: NodeChecks;
  readonly metrics: Pick<AgentMetrics, 'forget'>;
  /** Milliseconds; a check that is in no definition is forgotten when its last result, and its `ttl`, is older. */
  readonly forgetAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Removes checks that nothing runs any more. Removing a check resolves its alerts, so silence alone is not enough: it takes
 * a configuration that was read whole, by which the runner in this process works, or an age that is set.
 */
export class RemovedChecks {
  readonly #options: RemovedChecksOptions;
  /** What the runner in this process had to run at some time: of other checks nobody knows who made their results. */
  readonly #wasDefined = new Set<string>();
  #defined: Definitions['checks'] = new Map();
  #isWhole = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RemovedChecksOptions) {
    this.#options = options;
  }

  /** Takes the definitions. If none is missing, a check that the runner ran and that is not among them goes. */
  define({ kind, definitions }: UsableConfiguration): void {
    this.#defined = definitions.checks;
    for (const name of this.#defined.keys()) this.#wasDefined.add(name);
    this.#isWhole = kind === 'whole';
    this.#forget(({ result, origin }) => this.isOfRemoved(result, origin));
  }

  /** Whether a result is that of a removed check: of a run that was under way when its definition went. */
  isOfRemoved({ name }: CheckResult, origin: ResultOrigin | undefined): boolean {
    return origin === 'run' && this.#isWhole && this.#wasDefined.has(name) && !this.#defined.has(name);
  }

  /** Call it when the log has been read. Forgets what has been silent for too long, now and from then on. */
  start(): void {
    const { forgetAfter } = this.#options;
    this.#forgetFormer();
    if (forgetAfter === undefined) return;
    this.#forgetOld(forgetAfter);
    this.#timer = setInterval(() => {
      this.#forgetOld(forgetAfter);
    }, FORGET_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  // Checks that a runner before this one ran, as it seems. A problem may also be one that was pushed: it stays.
  #forgetFormer(): void {
    if (!this.#isWhole) return;
    this.#forget(
      ({ origin, result: { name, status, attributes } }) =>
        origin === 'run' && status === 0 && attributes['ttl'] === undefined && !this.#defined.has(name),
    );
  }

  #forgetOld(forgetAfter: number): void {
    const now = this.#options.now();
    this.#forget(({ result: { name, executed, attributes } }) => {
      const { ttl } = attributes;
      const limit = Math.max(forgetAfter, typeof ttl === 'number' ? ttl * 1000 : 0);
      return !this.#defined.has(name) && now - executed * 1000 > limit;
    });
  }

  #forget(isGone: (state: CheckState) => boolean): void {
    const { checks, metrics, log } = this.#options;
    for (const { result } of checks.forget(isGone)) {
      const { name, source } = result;
      metrics.forget({ name, source });
      log.info({ check: name, source }, 'the check is no more, its last result is forgotten');
    }
  }
}
