import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isAmbiguous } from './ambiguous-request.ts';
import { createBasicAuth, type LoginVerdict } from './basic-auth.ts';
import { parseBasicAuthorization } from './basic-authorization.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { WebConfig } from './web-config.ts';

/** Stands before a handler and lets through what the web config allows. */
export interface Guard {
  readonly handler: RequestListener;
  /** From now on, decides by this config. */
  follow(config: WebConfig): void;
}

/** Unambiguous requests only, then rate limit, headers and users in exporter-toolkit's order. */
export function createGuard(next: RequestListener, initial: WebConfig): Guard {
  const basicAuth = createBasicAuth();
  let config = initial;
  let rateLimit = rateLimitOf(initial);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isAmbiguous(request)) {
      response.setHeader('Connection', 'close');
      answer(response, 400, 'Bad Request');
      return;
    }
    if (rateLimit?.take() === false) {
      answer(response, 429, 'Too Many Requests');
      return;
    }
    for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);

    const verdict = config.users.size === 0 ? 'accepted' : await authenticate(request);
    switch (verdict) {
      case 'accepted':
        // Who has gone while the password was compared needs no answer, and its request would never end.
        if (!response.destroyed) next(request, response);
        break;
      case 'refused':
        response.setHeader('WWW-Authenticate', 'Basic');
        answer(response, 401, 'Unauthorized');
        break;
      case 'busy':
        response.setHeader('Retry-After', '1');
        answer(response, 429, 'Too Many Requests');
        break;
    }
  }

  async function authenticate({ headers, socket }: IncomingMessage): Promise<LoginVerdict> {
    const credentials = parseBasicAuthorization(headers.authorization);
    return credentials ? basicAuth.verify(config.users, credentials, socket.remoteAddress ?? '') : 'refused';
  }

  return {
    handler: (request, response) => void handle(request, response),
    follow(changed) {
      config = changed;
      rateLimit = rateLimitOf(changed);
    },
  };
}

function rateLimitOf({ rateLimit }: WebConfig): RateLimit | undefined {
  return rateLimit && createRateLimit(rateLimit.interval, rateLimit.burst);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${text}\n`);
}
