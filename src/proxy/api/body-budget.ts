import type { Request, RequestHandler, Response } from 'express';

export interface BodyBudgetOptions {
  /** Bytes of all bodies together, each from its first byte until its request is answered. */
  readonly maxBytes: number;
  readonly refuse: (request: Request, response: Response) => void;
}

/** Bounds the memory that bodies take: whoever sends the byte that is too much is refused. */
export function createBodyBudget({ maxBytes, refuse }: BodyBudgetOptions): RequestHandler {
  let held = 0;
  return (request, response, next) => {
    let own = 0;
    let isAnswered = false;
    request.on('data', (chunk: Buffer) => {
      // An answer may be out before the body is in. The rest is read and thrown away.
      if (isAnswered) return;
      own += chunk.length;
      held += chunk.length;
      if (held > maxBytes && !response.headersSent) refuse(request, response);
    });
    response.once('close', () => {
      isAnswered = true;
      held -= own;
    });
    next();
  };
}
