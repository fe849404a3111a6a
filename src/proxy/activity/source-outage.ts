import type { Logger } from '../../platform/log/log.ts';
import type { LookupResult } from '../enrich/lookup.ts';
import { PROXY_LOG } from './log-messages.ts';

/** The failures in a row, and the milliseconds they must last, that make an outage. */
const FAILURES = 3;
const LASTING_MS = 60_000;
const MAX_NODES = 1_000;

export interface SourceOutageOptions {
  readonly source: string;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Logs when fetches of a source fail and none succeeds in between, and when one does again: one line each. It says how many nodes failed: at
 * night only the broken ones have alerts, and the others are not asked.
 * Until the first success ever, the first failure is logged at once: the configuration is the usual cause.
 */
export class SourceOutage {
  readonly #options: SourceOutageOptions;
  #hasSucceeded = false;
  #failures = 0;
  /** Those that failed; of more, some. */
  readonly #nodes = new Set<string>();
  #since = 0;
  #isSaid = false;

  constructor(options: SourceOutageOptions) {
    this.#options = options;
  }

  /** @param host `host:port` of the node */
  fetched(host: string, result: LookupResult<unknown>): void {
    if (result.ok) {
      this.#succeeded();
      return;
    }
    const { source, log, now } = this.#options;
    if (this.#failures === 0) this.#since = now();
    this.#failures += 1;
    if (this.#nodes.size < MAX_NODES) this.#nodes.add(host);
    const isLasting = this.#failures >= FAILURES && now() - this.#since >= LASTING_MS;
    if (this.#isSaid || (this.#hasSucceeded && !isLasting)) return;
    this.#isSaid = true;
    log.warn(
      { source, nodes: this.#nodes.size, node: host, reason: result.reason, err: result.detail },
      this.#hasSucceeded ? PROXY_LOG.sourceFails : PROXY_LOG.sourceNeverWorked,
    );
  }

  #succeeded(): void {
    const { source, log } = this.#options;
    if (this.#isSaid) log.info({ source, failures: this.#failures }, PROXY_LOG.sourceWorks);
    this.#hasSucceeded = true;
    this.#failures = 0;
    this.#nodes.clear();
    this.#isSaid = false;
  }
}
