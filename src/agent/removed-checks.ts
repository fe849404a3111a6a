import type { Logger } from '../platform/log/log.ts';
import type { JsonObject } from '../sensu/json.ts';
import { mayBeOfRun, type CheckResult } from '../checks/result.ts';
import type { Definitions } from '../checks/definitions.ts';
import type { NodeChecks } from './node-checks.ts';
import type { UsableConfiguration } from './loaded-configuration.ts';
import type { AgentMetrics } from './metrics/agent-metrics.ts';
import { PushedResults } from './pushed-results.ts';

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
 * Lets go of checks that are no more. Silence alone tells nothing, and to forget a check resolves its alerts: so that
 * takes a configuration that was read whole, by which the runner in this process works, or an age that is set.
 */
export class RemovedChecks {
  readonly #options: RemovedChecksOptions;
  readonly #pushed = new PushedResults();
  /** What the runner in this process had to run at some time: of other checks nobody knows who made their results. */
  readonly #wasDefined = new Set<string>();
  /** What the log of that runner told of. */
  readonly #ran = new Set<string>();
  #defined: Definitions['checks'] = new Map();
  #isWhole = false;
  #isStarted = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RemovedChecksOptions) {
    this.#options = options;
  }

  /** To be told of the definitions. If none is missing, what the runner ran and is not among them is gone. */
  define({ kind, definitions }: UsableConfiguration): void {
    this.#defined = definitions.checks;
    for (const name of this.#defined.keys()) this.#wasDefined.add(name);
    this.#isWhole = kind === 'whole';
    if (!this.#isWhole) return;
    this.#forget((result) => this.#isRun(result) && this.#ran.has(result.name) && this.#isGone(result));
  }

  /** To be told of a result that a program pushed: it is not that of a check which is gone. */
  notePushed(result: JsonObject): void {
    this.#pushed.note(result);
  }

  /** Whether a result from the runner's log is that of a check which is gone: of a run that was under way then. */
  isOfGone(result: CheckResult): boolean {
    if (!this.#isRun(result)) return false;
    if (!this.#isStarted || this.#wasDefined.has(result.name)) this.#ran.add(result.name);
    return this.#isGone(result);
  }

  /** To be called when the log has been read. Forgets what has been silent for too long, now and from then on. */
  start(): void {
    const { forgetAfter } = this.#options;
    this.#isStarted = true;
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

  #isRun(result: CheckResult): boolean {
    return mayBeOfRun(result) && !this.#pushed.has(result);
  }

  #isGone({ name }: CheckResult): boolean {
    return this.#isWhole && this.#wasDefined.has(name) && !this.#defined.has(name);
  }

  // Checks that a runner before this one ran, as it seems. A problem may also be one that was pushed: it stays.
  #forgetFormer(): void {
    if (!this.#isWhole) return;
    this.#forget(
      (result) =>
        result.status === 0 &&
        result.attributes['ttl'] === undefined &&
        this.#isRun(result) &&
        this.#ran.has(result.name) &&
        !this.#defined.has(result.name),
    );
  }

  #forgetOld(forgetAfter: number): void {
    const now = this.#options.now();
    this.#forget(({ name, executed, attributes: { ttl } }) => {
      const limit = Math.max(forgetAfter, typeof ttl === 'number' ? ttl * 1000 : 0);
      return !this.#defined.has(name) && now - executed * 1000 > limit;
    });
  }

  #forget(isGone: (result: CheckResult) => boolean): void {
    const { checks, metrics, log } = this.#options;
    for (const { result } of checks.forget((state) => isGone(state.result))) {
      const { name, source } = result;
      metrics.forget({ name, source });
      log.info({ check: name, source }, 'the check is no more, its last result is forgotten');
    }
  }
}
