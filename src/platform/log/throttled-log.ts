import type { Logger } from './log.ts';
import { ThrottledLogLine } from './throttled-log-line.ts';

/** A line about what a client did: its level, its sentence, and what else it tells. */
export interface ClientProblem {
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly client: string | undefined;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Lines about clients by themselves; those of more clients share one line per sentence. */
const MAX_CLIENTS = 100;
const INTERVAL_MS = 60_000;
const OTHERS = 'others';

/**
 * Logs what clients do wrong, so that no client can write a line per request: each sentence is logged once a minute for each client,
 * with how many `times` it came since.
 */
export class ThrottledLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #lines = new Map<string, ThrottledLogLine<ClientProblem & { readonly times: number }>>();
  #since: number;

  constructor(log: Logger, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
    this.#since = now();
  }

  note(problem: ClientProblem): void {
    if (this.#now() - this.#since >= INTERVAL_MS) this.flush();
    const key = `${problem.message} ${problem.client}`;
    const isKnown = this.#lines.has(key) || this.#lines.size < MAX_CLIENTS;
    this.#lineOf(isKnown ? key : problem.message).note({
      ...problem,
      client: isKnown ? problem.client : OTHERS,
      times: 1,
    });
  }

  /** Logs what was not logged yet. */
  flush(): void {
    for (const line of this.#lines.values()) line.flush();
    this.#lines.clear();
    this.#since = this.#now();
  }

  #lineOf(key: string): ThrottledLogLine<ClientProblem & { readonly times: number }> {
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = new ThrottledLogLine({
        merge: (earlier, later) => ({ ...later, times: earlier.times + later.times }),
        say: ({ level, message, client, fields, times }) => {
          this.#log[level]({ ...fields, client, ...(times > 1 && { times }) }, message);
        },
      });
      this.#lines.set(key, line);
    }
    return line;
  }
}
