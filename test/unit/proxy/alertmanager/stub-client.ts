import type { HttpClient, HttpRequest, HttpResult } from '../../../../src/platform/http/http-client.ts';
import type { Delivery } from '../../../../src/proxy/alertmanager/delivery.ts';

/** An HTTP client whose requests the test answers; one that is not answered in time fails as the real one does. */
export interface StubClient extends HttpClient {
  /** The bodies of all requests so far. */
  readonly posted: string[];
  /** How many wait for their answer. */
  pending(): number;
  /** Answers the oldest request that is open with a status, or by breaking the connection. */
  answer(with_: number | 'reset'): Promise<void>;
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
          open.delete(end);
          resolve(result);
        };
        const timer = setTimeout(end, timeout, { ok: false, failure: 'timeout', detail: 'too slow' });
        signal?.addEventListener('abort', () => {
          end({ ok: false, failure: 'timeout', detail: 'given up' });
        });
        open.add(end);
      });
    },
    answer: async (with_) => {
      const [end] = open;
      if (end === undefined) throw new Error('nothing was posted');
      if (with_ === 'reset') end({ ok: false, failure: 'network', detail: 'connection reset' });
      else end({ ok: true, status: with_, headers: {}, body: Buffer.from('told') });
      await settle();
    },
    close: () => undefined,
  };
}

/** Lets all promises run that can, whatever the clock does. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** A delivery of alerts that fire, named by numbers, and expire so many milliseconds from now. */
export function delivery(names: readonly number[], expiresIn = 240_000): Delivery {
  const now = Date.now();
  const texts = names.map(String);
  let position = 1;
  const alerts = texts.map((text) => {
    const span = { start: position, end: position + text.length };
    position = span.end + 1;
    return { span, status: 'firing' as const, endsAt: now + expiresIn };
  });
  return { body: Buffer.from(`[${texts.join(',')}]`), alerts, receivedAt: now };
}
