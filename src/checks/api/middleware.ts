import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { describeError, type Logger } from '../../platform/log/log.ts';
import { statusOf } from '../../platform/web/error-status.ts';
import { ApiError } from './api-error.ts';
import { PLATFORM_LOG } from '../../platform/log/messages.ts';

/** Refuses every method that could change something. */
export function onlyReading({ method }: Request, response: Response, next: NextFunction): void {
  if (method === 'GET' || method === 'HEAD') {
    next();
    return;
  }
  response.set('Allow', 'GET, HEAD');
  throw new ApiError(405, 'only GET and HEAD are allowed');
}

/** Says that no answer is to be kept, and that no browser may take for a page what a script printed. */
export function withHeaders(request: Request, response: Response, next: NextFunction): void {
  // Behind If-None-Match some clients say `no-cache`, for which Express would answer in full; there is no cache here to pass by.
  delete request.headers['cache-control'];
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  next();
}

/** Answers 503 until the log is read: before, results are old and checks missing, which would resolve alerts. */
export function whenReady(isReady: () => boolean): RequestHandler {
  return function answerWhenReady(_, __, next) {
    if (!isReady()) throw new ApiError(503, 'the log is still being read');
    next();
  };
}

/** Answers what went wrong as JSON; what is not the client's mistake is logged, and told to nobody else. */
export function answerError(log: Logger): ErrorRequestHandler {
  return function answer(error: unknown, request, response, next) {
    if (response.headersSent) {
      next(error);
      return;
    }
    // Express' own errors, such as that of a broken %-sequence, have a status too.
    const status = statusOf(error) ?? 500;
    if (status === 500) log.error({ path: request.path, err: error }, PLATFORM_LOG.requestFailed);
    response.status(status).json({ error: status === 500 ? 'internal error' : describeError(error) });
  };
}
