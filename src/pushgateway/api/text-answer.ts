import type { Request, RequestHandler, Response } from 'express';

/** Answers one sentence as Go's http.Error does. */
export function answerText(response: Response, status: number, sentence: string): void {
  response.status(status).type('text/plain').set('X-Content-Type-Options', 'nosniff').send(`${sentence}\n`);
}

/** Handlers of one path by method. HEAD goes where GET goes, OPTIONS tells the methods, and others are refused with 405. */
export function byMethod(handlers: Readonly<Partial<Record<string, RequestHandler>>>): RequestHandler {
  const allowed = [...Object.keys(handlers), 'OPTIONS'].sort().join(', ');
  return function dispatch(request: Request, response: Response, next) {
    const { method } = request;
    const handler = handlers[method === 'HEAD' ? 'GET' : method];
    if (handler === undefined) {
      response.set('Allow', allowed);
      if (method === 'OPTIONS') response.status(200).end();
      else answerText(response, 405, 'Method Not Allowed');
      return undefined;
    }
    return handler(request, response, next);
  };
}

/** What the Pushgateway says of a path that it does not have. */
export function answerNotFound(_: Request, response: Response): void {
  answerText(response, 404, '404 page not found');
}
