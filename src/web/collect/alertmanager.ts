import type { WebConfigFile } from '../config/schema.ts';
import type { GossipStatus, Known, MemberAlert, MemberSilence } from '../model/member.ts';
import { parseAlert, parseSilence } from './parse-elements.ts';
import { PollLoop } from './poll-loop.ts';
import { readList, type ListAnswer } from './read-list.ts';
import type { Upstream } from './upstream.ts';

export interface CollectorOptions {
  readonly upstream: Upstream;
  readonly config: WebConfigFile;
  /** Milliseconds between two rounds of `refresh.interval`, longer while nobody looks. */
  readonly interval: (usual: number) => number;
  /** Milliseconds before the first round, so that the members of a set are not asked at once. */
  readonly phase: number;
  readonly onChange: () => void;
  readonly onMalformed: (kind: string, count: number) => void;
  readonly now: () => number;
}

/** Expired silences are asked for each so many rounds: there may be tens of thousands. */
const EXPIRED_EVERY_MS = 5 * 60_000;
const STATUS_EVERY_MS = 60_000;

/** Asks one Alertmanager for its alerts, its silences and its status, and keeps what it last said. */
export class AlertmanagerCollector {
  readonly upstream: Upstream;
  readonly #options: CollectorOptions;
  readonly #loops: readonly PollLoop[];
  #alerts: Known<ReadonlyMap<string, MemberAlert>> | undefined;
  #silences: Known<ReadonlyMap<string, MemberSilence>> | undefined;
  #gossip: GossipStatus | undefined;
  #expiredReadAt = -Infinity;
  /** One list at a time: a second one would double the memory that Alertmanager takes for it. */
  #listing: Promise<unknown> = Promise.resolve();

  constructor(options: CollectorOptions) {
    this.upstream = options.upstream;
    this.#options = options;
    const { interval: usual, max_share: maxShare } = options.config.refresh;
    const interval = (): number => options.interval(usual);
    const { phase } = options;
    this.#loops = [
      new PollLoop({
        ask: (signal) => this.#alone(() => this.#readAlerts(signal)),
        interval,
        maxShare,
        phase,
      }),
      new PollLoop({
        ask: (signal) => this.#alone(() => this.#readSilences(signal)),
        interval,
        maxShare,
        phase,
      }),
      new PollLoop({
        ask: (signal) => this.#readStatus(signal),
        interval: () => STATUS_EVERY_MS,
        maxShare,
        phase,
      }),
    ];
  }

  get alerts(): Known<ReadonlyMap<string, MemberAlert>> | undefined {
    return this.#alerts;
  }

  get silences(): Known<ReadonlyMap<string, MemberSilence>> | undefined {
    return this.#silences;
  }

  /** What it says of its peers; undefined before it was asked, or if it runs alone. */
  get gossip(): GossipStatus | undefined {
    return this.#gossip;
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

  /** Takes a silence that was just written or read, so that the pages know it at once. */
  noteSilence(silence: MemberSilence): void {
    const known = this.#silences;
    if (known === undefined) return;
    this.#silences = { ...known, value: new Map(known.value).set(silence.id, silence) };
    this.#options.onChange();
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#listing.then(work);
    this.#listing = done.catch(() => undefined);
    return done;
  }

  async #readAlerts(signal: AbortSignal): Promise<boolean> {
    const { alerts: limit, excerpt } = this.#options.config.limits;
    const answer = await readList({
      upstream: this.upstream,
      what: 'alerts',
      request: { method: 'GET', path: '/api/v2/alerts' },
      at: [],
      limit,
      parse: (element) => parseAlert(element, excerpt),
      signal,
    });
    const before = this.#alerts?.value;
    const items = answer.items.map((alert) => unchanged(before?.get(alert.fingerprint), alert));
    const value = new Map(items.map((alert) => [alert.fingerprint, alert]));
    const next = this.#settle('alerts', answer, value, this.#alerts);
    if (next !== this.#alerts) {
      this.#alerts = next;
      this.#options.onChange();
    }
    return answer.ok;
  }

  async #readSilences(signal: AbortSignal): Promise<boolean> {
    const { now, config } = this.#options;
    const { silences: limit, expired_silences: maxExpired } = config.limits;
    const withExpired = now() - this.#expiredReadAt > EXPIRED_EVERY_MS;
    const answer = await readList({
      upstream: this.upstream,
      what: 'silences',
      // Before 0.34 Alertmanager takes no notice of the parameter, and always tells of those that are expired.
      request: { method: 'GET', path: `/api/v2/silences${withExpired ? '' : '?expired=false'}` },
      at: [],
      limit: limit + maxExpired,
      parse: parseSilence,
      signal,
    });
    const kept = withExpired ? [] : [...(this.#silences?.value.values() ?? [])].filter(isExpired);
    const value = keepSilences([...kept, ...answer.items], maxExpired);
    const next = this.#settle('silences', answer, value, this.#silences);
    if (next !== this.#silences) {
      this.#silences = next;
      if (answer.ok && withExpired) this.#expiredReadAt = now();
      this.#options.onChange();
    }
    return answer.ok;
  }

  async #readStatus(signal: AbortSignal): Promise<boolean> {
    const answer = await this.upstream.ask({ what: 'status', method: 'GET', path: '/api/v2/status', signal });
    if (!answer.ok) return false;
    const { version, gossip } = parseStatus(answer.body);
    this.upstream.version = version;
    this.#gossip = gossip;
    this.#options.onChange();
    return true;
  }

  // A failure leaves what was known. What came before an answer broke off counts only where nothing is known.
  #settle<T>(
    kind: string,
    answer: ListAnswer<unknown>,
    value: ReadonlyMap<string, T>,
    before: Known<ReadonlyMap<string, T>> | undefined,
  ): Known<ReadonlyMap<string, T>> | undefined {
    const at = this.#options.now();
    if (answer.ok) {
      this.upstream.noteAnswer();
      if (answer.malformed > 0) this.#options.onMalformed(kind, answer.malformed);
      return { value, at, cut: answer.cut };
    }
    if (answer.detail === 'given up') return before;
    this.upstream.noteFailure(answer);
    this.#options.onChange();
    if (before !== undefined || value.size === 0) return before;
    return { value, at, cut: `${value.size} of more: the answer broke off` };
  }
}

// A cycle without news makes no garbage: what is the same keeps its object.
function unchanged(before: MemberAlert | undefined, alert: MemberAlert): MemberAlert {
  if (before === undefined) return alert;
  const isSame =
    before.state === alert.state &&
    before.startsAt === alert.startsAt &&
    before.excerpt === alert.excerpt &&
    before.silencedBy.join() === alert.silencedBy.join() &&
    before.inhibitedBy.join() === alert.inhibitedBy.join() &&
    before.receivers.join() === alert.receivers.join();
  return isSame ? before : { ...alert, labels: before.labels };
}

function isExpired({ state }: MemberSilence): boolean {
  return state === 'expired';
}

// Later entries replace earlier ones; of the expired the newest.
function keepSilences(
  silences: readonly MemberSilence[],
  maxExpired: number,
): ReadonlyMap<string, MemberSilence> {
  const all = new Map(silences.map((silence) => [silence.id, silence]));
  const expired = [...all.values()].filter(isExpired).sort((one, other) => other.endsAt - one.endsAt);
  for (const { id } of expired.slice(maxExpired)) all.delete(id);
  return all;
}

// The configuration that stands in the answer, with its secrets, is not kept.
function parseStatus(body: Buffer): { version: string | undefined; gossip: GossipStatus | undefined } {
  try {
    const status = JSON.parse(body.toString()) as {
      readonly versionInfo?: { readonly version?: unknown };
      readonly cluster?: { readonly name?: unknown; readonly peers?: unknown };
    };
    const version = status.versionInfo?.version;
    const { name, peers } = status.cluster ?? {};
    const addresses = Array.isArray(peers)
      ? peers.flatMap((peer: { readonly address?: unknown } | null) =>
          typeof peer?.address === 'string' ? [peer.address] : [],
        )
      : [];
    return {
      version: typeof version === 'string' ? version : undefined,
      gossip: typeof name === 'string' ? { name, peers: addresses } : undefined,
    };
  } catch {
    return { version: undefined, gossip: undefined };
  }
}
