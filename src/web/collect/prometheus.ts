import { formatDuration } from '../../platform/time/duration.ts';
import type { Known, Sample } from '../model/member.ts';
import { parseSample } from './parse-elements.ts';
import { PollLoop } from './poll-loop.ts';
import { readList } from './read-list.ts';
import type { CollectorOptions } from './alertmanager.ts';
import type { Upstream } from './upstream.ts';

interface PrometheusCollectorOptions extends CollectorOptions {
  /** The series of the nodes, one for each. */
  readonly nodeSelector: string;
}

/** The questions, each with a name for metrics. */
type Question =
  'problem' | 'problem_executed' | 'down' | 'newest_scrape' | 'nodes' | 'known_checks' | 'alerts';

const VERSION_EVERY_MS = 60_000;

/** Asks one Prometheus for nodes, failing checks and firing alerts, never for all checks, and keeps what it last said. */
export class PrometheusCollector {
  readonly upstream: Upstream;
  readonly #options: PrometheusCollectorOptions;
  readonly #loops: readonly PollLoop[];
  readonly #known = new Map<Question, Known<readonly Sample[]>>();
  #warnings: readonly string[] = [];

  constructor(options: PrometheusCollectorOptions) {
    this.upstream = options.upstream;
    this.#options = options;
    const { interval: usual, inventory_interval: inventory, max_share: maxShare } = options.config.refresh;
    const { failing, nodes } = options.config.limits;
    const { problem, problem_executed: executed } = options.config.metrics;
    const selector = options.nodeSelector;
    const loop = (every: number, ask: (signal: AbortSignal) => Promise<boolean>): PollLoop =>
      new PollLoop({ ask, interval: () => options.interval(every), maxShare, phase: options.phase });
    this.#loops = [
      loop(usual, async (signal) => {
        const found = await this.#query('problem', problem, failing, signal);
        return found && (await this.#query('problem_executed', executed, failing, signal));
      }),
      loop(usual, async (signal) => {
        const found = await this.#query('newest_scrape', `max(timestamp(${selector}))`, 1, signal);
        return found && (await this.#query('down', `${selector} == 0`, nodes, signal));
      }),
      loop(inventory, async (signal) => {
        const found = await this.#query('nodes', selector, nodes, signal);
        return found && (await this.#query('known_checks', 'check_agent_known_checks', nodes, signal));
      }),
      loop(usual, (signal) =>
        this.#query('alerts', 'count by (alertname, alertstate) (ALERTS)', failing, signal),
      ),
      new PollLoop({
        ask: (signal) => this.#readVersion(signal),
        interval: () => VERSION_EVERY_MS,
        maxShare,
        phase: options.phase,
      }),
    ];
  }

  /** What it last answered to a question; undefined before the first answer. */
  known(question: Question): Known<readonly Sample[]> | undefined {
    return this.#known.get(question);
  }

  /** When its newest scrape of a node was, in seconds since 1970 by its own clock; undefined if it has none. */
  get newestScrape(): number | undefined {
    return this.#known.get('newest_scrape')?.value[0]?.value;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  wake(): void {
    for (const loop of this.#loops) loop.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async #query(question: Question, query: string, limit: number, signal: AbortSignal): Promise<boolean> {
    const { config, now, onChange, onMalformed } = this.#options;
    const answer = await readList({
      upstream: this.upstream,
      what: question,
      request: queryRequest(query, { timeout: config.refresh.timeout, limit: limit + 1 }),
      at: ['data', 'result'],
      limit,
      parse: parseSample,
      signal,
    });
    if (answer.ok) {
      this.upstream.noteAnswer();
      this.#known.set(question, { value: answer.items, at: now(), cut: answer.cut });
      if (answer.malformed > 0) onMalformed(question, answer.malformed);
      this.#warnings = answer.warnings;
    } else if (answer.detail !== 'given up') this.upstream.noteFailure(answer);
    onChange();
    return answer.ok;
  }

  async #readVersion(signal: AbortSignal): Promise<boolean> {
    const path = '/api/v1/status/buildinfo';
    const answer = await this.upstream.ask({ what: 'version', method: 'GET', path, signal });
    if (!answer.ok) return false;
    const match = /"version"\s*:\s*"([^"]{1,40})"/.exec(answer.body.toString());
    this.upstream.version = match?.[1];
    return true;
  }
}

/** An instant query, with Prometheus' own limit on time and, from 3.2, on the number of series. */
function queryRequest(
  query: string,
  { timeout, limit }: { readonly timeout: number; readonly limit: number },
): { method: 'POST'; path: string; body: Buffer; headers: Record<string, string> } {
  const form = new URLSearchParams({ query, timeout: formatDuration(timeout), limit: String(limit) });
  return {
    method: 'POST',
    path: '/api/v1/query',
    body: Buffer.from(form.toString()),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}
