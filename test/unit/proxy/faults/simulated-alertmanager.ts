import type { HttpClient, HttpRequest, HttpResult } from '../../../../src/platform/http/http-client.ts';
import type { PostedAlert } from '../../../support/alert-builder.ts';

export const MODES = ['up', 'slow', 'narrow', 'poisoned', 'failing', 'busy', 'refusing', 'hung'] as const;

/** Bytes of a body that it takes while it is narrow: one alert as it came, but not with all that is written into it. */
const NARROW = 350;
/** At which it fails while it is poisoned. */
const POISON = '"alertname":"Ping"';

export type Mode = (typeof MODES)[number];

/**
 * An Alertmanager in memory. What it has taken it applies in the order in which it came; while it hangs, the system
 * takes requests for it, and it applies them when it goes on, also those whose sender has given up.
 */
export class SimulatedAlertmanager {
  /** All alerts that it has applied, in order. */
  readonly applied: PostedAlert[] = [];
  /** All POSTs that it was sent, with the time at which each left. */
  readonly posts: { readonly at: number; readonly alerts: readonly PostedAlert[] }[] = [];
  #mode: Mode = 'up';
  /** Whether alerts may have come without what was written into them. */
  hasBeenNarrow = false;
  #held: (() => void)[] = [];

  set mode(mode: Mode) {
    this.#mode = mode;
    this.hasBeenNarrow ||= mode === 'narrow';
    if (mode === 'hung') return;
    for (const goOn of this.#held.splice(0)) goOn();
  }

  /** A new connection to it, as each configuration makes one. */
  connect(): HttpClient {
    return { request: (request) => this.#take(request), close: () => undefined };
  }

  #take({ body, timeout, signal }: HttpRequest): Promise<HttpResult> {
    const alerts = JSON.parse(String(body)) as PostedAlert[];
    this.posts.push({ at: performance.now(), alerts });
    return new Promise((resolve) => {
      const answer = (result: HttpResult): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(result);
      };
      const giveUp = (): void => {
        answer({ ok: false, failure: 'timeout', detail: 'given up' });
      };
      const timer = setTimeout(answer, timeout, { ok: false, failure: 'timeout', detail: 'too slow' });
      signal?.addEventListener('abort', giveUp);
      const accept = (): void => {
        this.applied.push(...alerts);
        answer(answerOf(200));
      };
      if (this.#mode === 'hung') this.#held.push(accept);
      else if (this.#mode === 'up') setTimeout(accept, 3);
      else if (this.#mode === 'slow') setTimeout(accept, 1_500);
      else if (this.#mode === 'poisoned' && !String(body).includes(POISON)) setTimeout(accept, 3);
      else if (this.#mode === 'poisoned') setTimeout(answer, 3, answerOf(500));
      else if (this.#mode === 'narrow' && (body?.length ?? 0) <= NARROW) setTimeout(accept, 3);
      else if (this.#mode === 'narrow') setTimeout(answer, 3, answerOf(413));
      else if (this.#mode === 'failing') setTimeout(answer, 3, answerOf(503));
      else if (this.#mode === 'busy') setTimeout(answer, 3, answerOf(429, { 'retry-after': '2' }));
      else setTimeout(answer, 1, { ok: false, failure: 'refused', detail: 'connection refused' });
    });
  }
}

function answerOf(status: number, headers: Readonly<Record<string, string>> = {}): HttpResult {
  return { ok: true, status, headers, body: Buffer.alloc(0) };
}
