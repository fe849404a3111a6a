import { buildCredentials, buildTls } from '../../platform/http/from-config.ts';
import type { Credentials } from '../../platform/http/credentials.ts';
import type { NetworkFailure } from '../../platform/http/failure.ts';
import type { HttpResult } from '../../platform/http/http-client.ts';
import {
  createStreamClient,
  type StreamClient,
  type StreamRequest,
} from '../../platform/http/stream-client.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { UpstreamConfig } from '../config/schema.ts';

/** Why an upstream gave no usable answer. */
export type UpstreamFailureReason = NetworkFailure | 'http_4xx' | 'http_5xx';

/** The failure under way: since when, how often in a row, and in words. */
export interface UpstreamFailure {
  readonly reason: UpstreamFailureReason;
  readonly detail: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly times: number;
}

export interface UpstreamOptions {
  readonly kind: 'prometheus' | 'alertmanager';
  readonly target: string;
  readonly config: UpstreamConfig;
  /** Milliseconds for one request. */
  readonly timeout: number;
  readonly maxResponseBytes: number;
  readonly onAnswered: (upstream: string, kind: string, result: string, seconds: number) => void;
  readonly log: Logger;
  readonly now: () => number;
}

interface AskOptions extends Omit<StreamRequest, 'url' | 'timeout'> {
  /** What is asked for, in metrics: `alerts`, `silences`, …. */
  readonly what: string;
  readonly path: string;
  readonly timeout?: number;
}

/** An answer of 2xx, or why there is none. */
export type UpstreamAnswer =
  | Extract<HttpResult, { ok: true }>
  | { readonly ok: false; readonly reason: UpstreamFailureReason; readonly detail: string };

/** The longest sentence of an upstream that is repeated. */
const MAX_SENTENCE = 500;

/** One Prometheus or Alertmanager: asks it, and remembers how that goes. */
export class Upstream {
  readonly kind: UpstreamOptions['kind'];
  /** `host:port`. */
  readonly name: string;
  readonly #options: UpstreamOptions;
  readonly #client: StreamClient;
  readonly #credentials: Credentials;
  #failure: UpstreamFailure | undefined;
  #lastAnswerAt: number | undefined;
  /** What the clock of the upstream is ahead of ours, in milliseconds. */
  #clockAhead = 0;
  #latency = Infinity;
  version: string | undefined;

  constructor(options: UpstreamOptions) {
    const { kind, target, config, log, maxResponseBytes, timeout } = options;
    this.#options = options;
    this.kind = kind;
    this.name = target;
    this.#credentials = buildCredentials(config, log);
    this.#client = createStreamClient({
      connectTimeout: Math.min(timeout, config.timeout ?? timeout),
      maxResponseBytes,
      credentials: this.#credentials,
      tls: buildTls(config, log),
    });
  }

  /** Where readers find it; undefined if the configuration does not say. */
  get externalUrl(): string | undefined {
    return this.#options.config.external_url;
  }

  get failure(): UpstreamFailure | undefined {
    return this.#failure;
  }

  /** Milliseconds since 1970; undefined before the first answer. */
  get lastAnswerAt(): number | undefined {
    return this.#lastAnswerAt;
  }

  get latency(): number {
    return this.#latency;
  }

  get clockAhead(): number {
    return this.#clockAhead;
  }

  /** Whether it has been asked at least once. */
  get wasTried(): boolean {
    return this.#lastAnswerAt !== undefined || this.#failure !== undefined;
  }

  /** Asks for a path below the prefix. Never rejects; every status but 2xx is a failure, with the sentence of the upstream. */
  async ask({ what, path, timeout, ...request }: AskOptions): Promise<UpstreamAnswer> {
    const { config, now, onAnswered } = this.#options;
    const startedAt = performance.now();
    const result = await this.#client.request({
      ...request,
      url: `${config.scheme}://${this.name}${config.path_prefix.replace(/\/+$/, '')}${path}`,
      timeout: timeout ?? config.timeout ?? this.#options.timeout,
    });
    if (request.signal?.aborted === true) return { ok: false, reason: 'timeout', detail: 'given up' };
    const took = performance.now() - startedAt;
    const answer = result.ok ? await this.#judge(result) : await this.#refused(result);
    onAnswered(this.name, what, answer.ok ? 'ok' : answer.reason, took / 1000);
    if (result.ok) {
      this.#latency = took;
      const date = Date.parse(result.headers['date'] ?? '');
      // The header has whole seconds.
      if (!Number.isNaN(date)) this.#clockAhead = date + 500 - now();
    }
    return answer;
  }

  /** An answer could be used. */
  noteAnswer(): void {
    this.#failure = undefined;
    this.#lastAnswerAt = this.#options.now();
  }

  noteFailure({ reason, detail }: { reason: UpstreamFailureReason; detail: string }): void {
    const { now, log } = this.#options;
    if (this.#failure === undefined)
      log.warn({ upstream: this.name, reason, detail }, 'upstream does not answer');
    this.#failure = {
      reason,
      detail,
      since: this.#failure?.since ?? now(),
      times: (this.#failure?.times ?? 0) + 1,
    };
  }

  async #judge(result: Extract<HttpResult, { ok: true }>): Promise<UpstreamAnswer> {
    if (result.status >= 200 && result.status < 300) return result;
    const reason = result.status >= 500 ? 'http_5xx' : result.status >= 400 ? 'http_4xx' : 'bad_response';
    const said = await this.#mask(sentenceOf(result.body));
    return { ok: false, reason, detail: `HTTP ${result.status}${said === '' ? '' : `: ${said}`}` };
  }

  async #refused(result: Extract<HttpResult, { ok: false }>): Promise<UpstreamAnswer> {
    return { ok: false, reason: result.failure, detail: await this.#mask(result.detail) };
  }

  // An upstream may repeat in an error what it was sent.
  async #mask(text: string): Promise<string> {
    const headers = await this.#credentials.headers().catch(() => ({}));
    const secrets = Object.values(headers).flatMap((value) => {
      const last = value.split(' ').at(-1) ?? '';
      const password = Buffer.from(last, 'base64').toString().split(':').slice(1).join(':');
      return [value, last, password];
    });
    return secrets
      .filter((secret) => secret.length > 3)
      .reduce((masked, secret) => masked.replaceAll(secret, '<secret>'), text);
  }
}

// Alertmanager answers with a JSON string or {"code","message"}, Prometheus with {"error"}, a proxy with a page.
function sentenceOf(body: Buffer): string {
  const text = body
    .subarray(0, 4 * MAX_SENTENCE)
    .toString()
    .trim();
  if (text.startsWith('<')) return '';
  return wordsIn(text).slice(0, MAX_SENTENCE).replaceAll(/\s+/g, ' ');
}

function wordsIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return text;
    if ('error' in value && typeof value.error === 'string') return value.error;
    if ('message' in value && typeof value.message === 'string') return value.message;
  } catch {
    // Then it is plain text.
  }
  return text;
}
