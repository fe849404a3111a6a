import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a stub answers one request; what is left out is 200, an empty body, at once. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown;
  readonly delayMs?: number;
  /** Sends the body byte by byte, so many milliseconds apart. */
  readonly trickleMs?: number;
  /** Takes the request and never answers. */
  readonly hang?: boolean;
  /** Cuts the connection with a TCP reset, once the delay is over. */
  readonly reset?: boolean;
  /** Written to the socket as they stand, instead of an HTTP answer; then the connection ends. */
  readonly raw?: string | Buffer;
}

/** What a stub remembers of a request. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** When the body had arrived, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Hands each request to the listener once it has arrived whole; one that breaks off is forgotten. */
export function recording(
  listener: (request: RecordedRequest, response: ServerResponse) => void | Promise<void>,
): RequestListener {
  return (request, response) => {
    record(request)
      .then((recorded) => listener(recorded, response))
      .catch(() => response.destroy());
  };
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const { method = '', url: path = '', headers } = request;
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  return { method, path, headers, body, receivedAt: Date.now() };
}

/** Answers as told. */
export async function give(answer: StubAnswer, response: ServerResponse): Promise<void> {
  if (answer.hang === true) return;
  if (answer.delayMs !== undefined) await pause(answer.delayMs);
  if (answer.reset === true) {
    response.socket?.resetAndDestroy();
  } else if (answer.raw !== undefined) {
    response.socket?.end(answer.raw);
  } else {
    await giveHttp(answer, response);
  }
}

async function giveHttp(answer: StubAnswer, response: ServerResponse): Promise<void> {
  const { body = '' } = answer;
  const isJson = typeof body !== 'string' && !Buffer.isBuffer(body);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(isJson ? JSON.stringify(body) : (body as string));
  response.writeHead(answer.status ?? 200, {
    'content-length': bytes.length,
    ...(isJson && { 'content-type': 'application/json' }),
    ...answer.headers,
  });
  if (answer.trickleMs !== undefined) {
    for (const byte of bytes) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await pause(answer.trickleMs);
    }
  }
  response.end(answer.trickleMs === undefined ? bytes : undefined);
}

// Not a reason for the process to live on.
function pause(milliseconds: number): Promise<void> {
  return sleep(milliseconds, undefined, { ref: false });
}
