import type { Request, RequestHandler, Response } from 'express';

export interface BodyBudgetOptions {
  /** Bytes of all bodies together, each from its first byte until its request is answered. */
  readonly maxBytes: number;
  /** Milliseconds for a body to come. */
  readonly timeout: number;
  /** Answers at once. */
  readonly refuse: (request: Request, response: Response, why: 'too much' | 'too slow') => void;
}

interface Body {
  readonly request: Request;
  readonly response: Response;
  bytes: number;
}

/**
 * Bounds the memory that bodies take, and for how long unfinished ones take it. Where it is too much, the largest of
 * those is refused, not the one whose byte was too much: a few that never end would shut out everybody else.
 */
export function createBodyBudget({ maxBytes, timeout, refuse }: BodyBudgetOptions): RequestHandler {
  let held = 0;
  const unfinished = new Set<Body>();
  const letGo = (body: Body): void => {
    unfinished.delete(body);
    held -= body.bytes;
    body.bytes = 0;
  };
  return (request, response, next) => {
    const body: Body = { request, response, bytes: 0 };
    unfinished.add(body);
    const timer = setTimeout(() => {
      letGo(body);
      if (!response.headersSent) refuse(request, response, 'too slow');
    }, timeout);
    request.on('data', (chunk: Buffer) => {
      // An answer may be out before the body is in. The rest is read and thrown away.
      if (!unfinished.has(body)) return;
      body.bytes += chunk.length;
      held += chunk.length;
      while (held > maxBytes && unfinished.size > 0) {
        const largest = largestOf(unfinished);
        letGo(largest);
        if (!largest.response.headersSent) refuse(largest.request, largest.response, 'too much');
      }
    });
    request.once('end', () => {
      clearTimeout(timer);
      unfinished.delete(body);
    });
    response.once('close', () => {
      clearTimeout(timer);
      letGo(body);
    });
    next();
  };
}

/** Of one at least. */
function largestOf(bodies: ReadonlySet<Body>): Body {
  return [...bodies].reduce((largest, body) => (body.bytes > largest.bytes ? body : largest));
}
