import type { EvictionLog } from '../checks/eviction-log.ts';
import { parseResultLine } from '../checks/log-line/read.ts';
import type { CheckResult } from '../checks/result.ts';
import type { ResultSource } from '../checks/state.ts';
import type { Decoder } from '../platform/text/charset.ts';
import type { AgentMetrics } from './metrics/agent-metrics.ts';
import type { NodeChecks } from './node-checks.ts';
import type { RemovedChecks } from './removed-checks.ts';

interface ResultIntakeOptions {
  readonly checks: NodeChecks;
  readonly removed: RemovedChecks;
  readonly metrics: AgentMetrics;
  readonly evictions: EvictionLog;
  readonly decode: Decoder;
}

/** The one way in for results: a line of a log, wherever it comes from. */
export class ResultIntake {
  readonly #options: ResultIntakeOptions;
  #countsRuns = false;

  constructor(options: ResultIntakeOptions) {
    this.#options = options;
  }

  /** Counts runs from now on: those of the backlog were counted before the agent was restarted. */
  countRuns(): void {
    this.#countsRuns = true;
  }

  /** Takes a line, and counts it. */
  take(line: Buffer, sourceOf: (result: CheckResult) => ResultSource): void {
    const { checks, metrics, decode } = this.#options;
    const read = parseResultLine(line, decode);
    metrics.countLine(typeof read === 'string' ? read : 'ok');
    if (typeof read === 'string') return;
    if ('subdued' in read) checks.applySubdued(read);
    else this.#takeResult(read, sourceOf(read));
  }

  #takeResult(result: CheckResult, source: ResultSource): void {
    const { checks, removed, metrics, evictions } = this.#options;
    if (removed.isOfRemoved(result, source.origin)) return;
    if (checks.apply(result, source) && this.#countsRuns) metrics.countExecution(result);
    evictions.noteResult(result);
  }
}
