import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from '../../platform/log/log.ts';
import { statusOf } from '../../platform/web/error-status.ts';
import { PLATFORM_LOG } from '../../platform/log/messages.ts';

/** For what no route answers. The path is not repeated: whoever reads the answer knows it, and it may be hostile. */
export function answerNotFound(_request: Request, response: Response): void {
  say(response, 404, 'Nothing answers at this path. Alerts are taken by POST at /api/v2/alerts.');
}

/** For what should not happen. Express' own handler would tell the client how the program looks inside. */
export function answerError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error) ?? 500;
    if (status >= 500)
      log.error({ err: error, client: request.socket.remoteAddress }, PLATFORM_LOG.requestFailed);
    say(response, status, status >= 500 ? 'This is a bug: the log says more.' : 'Bad request.');
  };
}

function say(response: Response, code: number, sentence: string): void {
  response
    .status(code)
    .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .type('text/plain')
    .send(`${sentence}\n`);
}
