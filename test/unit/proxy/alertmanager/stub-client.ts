import type { HttpClient, HttpRequest, HttpResult } from '../../../../src/platform/http/http-client.ts';
import type { Delivery } from '../../../../src/proxy/alertmanager/delivery.ts';

/** An HTTP client whose requests the test answers; one that is not answered in time fails as the real one does. */
export interface StubClient extends HttpClient {
  /** The bodies of all requests so far. */
  readonly posted: string[];
  /** How many wait for their answer. */
  pending(): number;
  /** Answers the oldest request that is open with a status, or by breaking the connection, or not letting it come about. */
  answer(with_: number | 'reset' | 'refused', headers?: Readonly<Record<string, string>>): Promise<void>;
}

export function createStubClient(): StubClient {
  const posted: string[] = [];
  const open = new Set<(result: HttpResult) => void>();
  return {
    posted,
    pending: () => open.size,
    request: ({ body, timeout, signal }: HttpRequest) => {
      posted.push(String(body));
      return new Promise((resolve) => {
        const end = (result: HttpResult): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          open.delete(end);
          resolve(result);
        };
        const timer = setTimeout(end, timeout, { ok: false, failure: 'timeout', detail: 'too slow' });
        const giveUp = (): void => {
          end({ ok: false, failure: 'timeout', detail: 'given up' });
        };
        signal?.addEventListener('abort', giveUp);
        open.add(end);
      });
    },
    answer: async (with_, headers = {}) => {
      const [end] = open;
      if (end === undefined) throw new Error('nothing was posted');
      if (with_ === 'reset') end({ ok: false, failure: 'network', detail: 'connection reset' });
      else if (with_ === 'refused') end({ ok: false, failure: 'refused', detail: 'connection refused' });
      else end({ ok: true, status: with_, headers, body: Buffer.from('told') });
      await settle();
    },
    close: () => undefined,
  };
}

/** Lets all promises run that can, whatever the clock does. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** A delivery of alerts that fire, named by numbers, and expire so many milliseconds from now; 3.1 is a later state of 3. */
export function delivery(names: readonly number[], expiresIn = 240_000, sender = 'prometheus'): Delivery {
  const texts = names.map(String);
  const received = names.map((name) => JSON.stringify({ labels: { alertname: String(Math.trunc(name)) } }));
  const spans = spansOf(texts);
  const alerts = spansOf(received).map((place, index) => ({
    span: spans[index] ?? place,
    received: place,
    expiresAt: performance.now() + expiresIn,
    isDoubtful: false,
  }));
  return { body: batchOf(texts), received: batchOf(received), alerts, sender };
}

function batchOf(elements: readonly string[]): Buffer {
  return Buffer.from(`[${elements.join(',')}]`);
}

/** Where the elements of a batch lie in its body. */
function spansOf(elements: readonly string[]): { start: number; end: number }[] {
  let position = 1;
  return elements.map((element) => {
    const span = { start: position, end: position + element.length };
    position = span.end + 1;
    return span;
  });
}
