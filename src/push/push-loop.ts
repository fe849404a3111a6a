import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpClient, HttpResult } from '../platform/http/http-client.ts';
import { Outage } from '../platform/log/outage.ts';
import type { Logger } from '../platform/log/log.ts';
import type { Spool, SpooledResult } from './spool.ts';

interface PushLoopOptions {
  readonly url: string;
  readonly client: HttpClient;
  readonly spool: Spool;
  /** An envelope around results. */
  readonly envelope: (results: readonly SpooledResult[]) => string;
  /** Called when this gateway has all up to a number. */
  readonly onSent: () => void;
  readonly log: Logger;
}

type Verdict =
  | { readonly kind: 'sent' }
  /** The gateway can do nothing with some of it; the rest counts. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly waitMs?: number };

const gzipAsync = promisify(gzip);

const AT_ONCE = { results: 100, bytes: 1024 ** 2 };
const TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 60_000;
const LINGER_MS = 200;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Pushes to one gateway: one request at a time, oldest results first, until each is taken. */
export class PushLoop {
  readonly #options: PushLoopOptions;
  readonly #outage: Outage<string>;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #sent = 0;
  #atOnce = AT_ONCE.results;
  #running: Promise<void> | undefined;

  constructor(options: PushLoopOptions) {
    this.#options = options;
    const { log, url } = options;
    this.#outage = new Outage({
      onBegin: (reason) => {
        log.warn({ url, reason }, 'cannot push results; they wait');
      },
      onEnd: (failures) => {
        log.info({ url, failures }, 'results are pushed again');
      },
    });
  }

  /** The number up to which the gateway has everything. */
  get sent(): number {
    return this.#sent;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There is something to send. */
  wake(): void {
    this.#wake.abort();
  }

  /** Lets the rest be sent for up to `milliseconds`, then ends. */
  async stop(graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs;
    this.wake();
    while (this.#hasWork() && performance.now() < deadline) await delay(20);
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pause = SHORTEST_PAUSE_MS;
    while (!this.#isStopped()) {
      if (!this.#hasWork()) await this.#idle();
      if (this.#isStopped()) return;
      const verdict = await this.#push();
      if (verdict.kind === 'retry') {
        this.#outage.failed(verdict.reason);
        // Jitter: all nodes lose a gateway at the same moment.
        const wait = Math.max(pause * (0.5 + Math.random() / 2), verdict.waitMs ?? 0);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
        await delay(wait, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
      } else {
        this.#outage.succeeded();
        pause = SHORTEST_PAUSE_MS;
      }
    }
  }

  // Until there is a result and a moment for others to join it, or until a heartbeat is due.
  async #idle(): Promise<void> {
    this.#wake = new AbortController();
    await delay(HEARTBEAT_MS, undefined, { signal: this.#wake.signal, ref: false }).catch(() => undefined);
    await delay(LINGER_MS, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #hasWork(): boolean {
    return this.#options.spool.after(this.#sent, { results: 1, bytes: 1 }).length > 0;
  }

  async #push(): Promise<Verdict> {
    const { spool, client, url, envelope, onSent, log } = this.#options;
    const batch = spool.after(this.#sent, { ...AT_ONCE, results: this.#atOnce });
    const result = await client.request({
      method: 'POST',
      url: `${url.replace(/\/+$/, '')}/results`,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: await gzipAsync(envelope(batch)),
      timeout: TIMEOUT_MS,
      signal: this.#stop.signal,
    });
    const verdict = judge(result);
    if (isTooLarge(result) && batch.length > 1) {
      this.#atOnce = Math.ceil(batch.length / 2);
      return { kind: 'sent' };
    }
    if (verdict.kind === 'retry') return verdict;
    if (verdict.kind === 'refused') log.warn({ url, reason: verdict.reason }, 'the gateway refused results');
    this.#atOnce = AT_ONCE.results;
    this.#sent = batch.at(-1)?.number ?? this.#sent;
    onSent();
    return verdict;
  }
}

function isTooLarge(result: HttpResult): boolean {
  return result.ok && result.status === 413;
}

function judge(result: HttpResult): Verdict {
  if (!result.ok) return { kind: 'retry', reason: result.detail };
  const { status, headers, body } = result;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const reason = `status ${status}: ${body.subarray(0, 300).toString()}`;
  if (status === 400 || status === 413 || status === 422) return { kind: 'refused', reason };
  // Only a person can mend these.
  if (status === 401 || status === 403 || status === 404) {
    return { kind: 'retry', reason, waitMs: LONGEST_PAUSE_MS };
  }
  const seconds = Number(headers['retry-after'] ?? 0);
  return { kind: 'retry', reason, waitMs: Number.isFinite(seconds) ? Math.min(seconds * 1000, 600_000) : 0 };
}
