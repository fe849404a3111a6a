import type { ErrorRequestHandler, Request, Response } from 'express';
import { describeError, type Logger } from '../../platform/log/log.ts';
import { statusOf } from '../../platform/web/error-status.ts';
import { TooLargeError } from '../exposition/snappy.ts';
import { StorageFailure, TooManyChanges } from '../storage/committer.ts';
import { PLATFORM_LOG } from '../../platform/log/messages.ts';

interface ErrorAnswer {
  readonly status: number;
  readonly sentence: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** The answer to what went wrong, if it is something that the client can act upon; else it is logged and told to nobody else. */
function toErrorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof TooLargeError) return { status: 413, sentence: 'body is too large' };
  if (error instanceof StorageFailure)
    return { status: 503, sentence: 'cannot write to the storage', retryAfter: 5 };
  if (error instanceof TooManyChanges)
    return { status: 503, sentence: 'too many pushes at once', retryAfter: 2 };
  const status = statusOf(error) ?? 500;
  return { status, sentence: status === 500 ? 'internal error' : describeError(error) };
}

/** How the answer is written: a line of text, or a key of a JSON object. */
type Write = (response: Response, answer: ErrorAnswer, request: Request) => void;

/** Answers errors; nobody who is still sending a body is read to its end. */
export function answerErrors(log: Logger, write: Write): ErrorRequestHandler {
  return function answer(error: unknown, request, response, next) {
    if (response.headersSent) {
      next(error);
      return;
    }
    const found = toErrorAnswer(error);
    if (found.status === 500) log.error({ path: request.path, err: error }, PLATFORM_LOG.requestFailed);
    if (found.retryAfter !== undefined) response.set('Retry-After', String(found.retryAfter));
    if (!request.complete) response.set('Connection', 'close');
    write(response, found, request);
  };
}
