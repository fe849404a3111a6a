import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import { RE2JS } from 're2js';
import { createEgressGuard } from '../../platform/http/egress-guard.ts';
import { buildCredentials, buildTls } from '../../platform/http/from-config.ts';
import type { ResolveName } from '../../platform/http/name-resolver.ts';
import { createStreamClient, type StreamClient } from '../../platform/http/stream-client.ts';
import { parseUrlTemplate, type UrlTemplate } from '../../platform/http/url-template.ts';
import type { Logger } from '../../platform/log/log.ts';
import { matchesAll, parseMatcher, type LabelSet, type Matcher } from '../../alertmanager-api/matcher.ts';
import type { DetailsConfig } from '../config/schema.ts';
import { parseDetails, type CheckDetail } from './parse-details.ts';

/** What an agent said, or why it said nothing. `at` is when, in milliseconds since 1970. */
export type DetailsAnswer =
  | { readonly ok: true; readonly checks: readonly CheckDetail[]; readonly at: number; readonly took: number }
  | { readonly ok: false; readonly reason: string; readonly detail: string; readonly at: number };

/** Asks agents about the checks of their nodes. */
export interface Details {
  /** All checks of the node with these labels. */
  node(labels: LabelSet): Promise<DetailsAnswer>;
  /** One check; the labels name it too. */
  check(labels: LabelSet): Promise<DetailsAnswer>;
}

interface DetailsOptions {
  readonly sources: readonly DetailsConfig[];
  readonly resolve: ResolveName;
  readonly onFetched: (source: string, reason: string) => void;
  readonly log: Logger;
  readonly now: () => number;
}

/** A dead node is not asked again for so long. */
const NEGATIVE_TTL_MS = 30_000;
const MAX_KEPT = 500;
const MAX_HOSTS = 10_000;

/** Whoever looks at a page asks the node at most once in a few seconds, however many look. */
export function createDetails({ sources, ...options }: DetailsOptions): Details {
  const built = sources.map((config) => new Source(config, options));
  const ask = (kind: 'list' | 'check', labels: LabelSet): Promise<DetailsAnswer> => {
    const source = built.find((one) => one.knows(labels));
    if (source !== undefined) return source.ask(kind, labels);
    const detail = 'no entry under details matches this node';
    return Promise.resolve({ ok: false, reason: 'template', detail, at: options.now() });
  };
  return { node: (labels) => ask('list', labels), check: (labels) => ask('check', labels) };
}

class Source {
  readonly #config: DetailsConfig;
  readonly #options: Omit<DetailsOptions, 'sources'>;
  readonly #client: StreamClient;
  readonly #matchers: readonly Matcher[];
  readonly #templates: Readonly<Record<'list' | 'check', UrlTemplate>>;
  readonly #redact: readonly RE2JS[];
  readonly #total: LimitFunction;
  readonly #perHost = new LRUCache<string, LimitFunction>({ max: MAX_HOSTS });
  readonly #answers = new LRUCache<string, Promise<DetailsAnswer>>({ max: MAX_KEPT });

  constructor(config: DetailsConfig, options: Omit<DetailsOptions, 'sources'>) {
    const { allow, connect_timeout: connectTimeout, max_response: maxResponseBytes } = config;
    this.#config = config;
    this.#options = options;
    this.#matchers = config.matchers.map((text) => parseMatcher(text));
    this.#templates = { list: parseUrlTemplate(config.list), check: parseUrlTemplate(config.check) };
    this.#redact = config.redact.map((expression) => RE2JS.compile(expression));
    this.#total = pLimit(config.max_concurrency);
    this.#client = createStreamClient({
      connectTimeout,
      maxResponseBytes,
      guard: createEgressGuard(allow),
      credentials: buildCredentials(config, options.log),
      tls: buildTls(config, options.log),
      resolve: options.resolve,
    });
  }

  knows(labels: LabelSet): boolean {
    return matchesAll(this.#matchers, labels);
  }

  async ask(kind: 'list' | 'check', labels: LabelSet): Promise<DetailsAnswer> {
    const expanded = this.#templates[kind].expand(labels);
    const { now } = this.#options;
    if (typeof expanded === 'string') return { ok: false, reason: 'template', detail: expanded, at: now() };
    const { url, host } = expanded;
    const known = this.#answers.get(url);
    if (known !== undefined) return known;
    const asked = this.#limitOf(host)(() => this.#total(() => this.#fetch(url)));
    // Nobody else asks while it is under way; then it serves for as long as it is worth.
    this.#answers.set(url, asked);
    const answer = await asked;
    this.#answers.set(url, asked, { ttl: answer.ok ? this.#config.cache_ttl : NEGATIVE_TTL_MS });
    return answer;
  }

  async #fetch(url: string): Promise<DetailsAnswer> {
    const { timeout, name } = this.#config;
    const { now, onFetched } = this.#options;
    const startedAt = performance.now();
    const result = await this.#client.request({ method: 'GET', url, timeout });
    const answer = this.#judge(result, performance.now() - startedAt, now());
    onFetched(name, answer.ok ? 'ok' : answer.reason);
    return answer;
  }

  #judge(result: Awaited<ReturnType<StreamClient['request']>>, took: number, at: number): DetailsAnswer {
    if (!result.ok) return { ok: false, reason: result.failure, detail: result.detail, at };
    const { status } = result;
    if (status < 200 || status >= 300) {
      const reason = status === 404 ? 'not_found' : status >= 500 ? 'http_5xx' : 'http_4xx';
      return { ok: false, reason, detail: `the agent answers HTTP ${status}`, at };
    }
    const checks = parseDetails(result.body, this.#redact);
    if (checks !== undefined) return { ok: true, checks, at, took };
    return { ok: false, reason: 'bad_response', detail: 'the answer is not that of an agent', at };
  }

  #limitOf(host: string): LimitFunction {
    const known = this.#perHost.get(host) ?? pLimit(this.#config.max_concurrency_per_host);
    this.#perHost.set(host, known);
    return known;
  }
}
