import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../log/log.ts';
import { ThrottledLogLine } from '../log/throttled-log-line.ts';
import { isAmbiguous } from './ambiguous-request.ts';
import { createBasicAuth, type BasicAuth, type LoginVerdict } from './basic-auth.ts';
import { parseBasicAuthorization } from './basic-authorization.ts';
import { rememberUser } from './identity.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { ConnectionObservers, RefusalReason } from './refusal.ts';
import type { WebConfig } from './web-config.ts';
import { PLATFORM_LOG } from '../log/messages.ts';

/** Stands before a handler and lets through what the web config allows. */
export interface Guard {
  readonly handler: RequestListener;
  /** From now on, decides by this config. */
  follow(config: WebConfig): void;
}

interface GuardOptions extends ConnectionObservers {
  readonly initial: WebConfig;
  /** Paths that answer GET and HEAD without a password and outside of the rate limit. */
  readonly openPaths: readonly string[];
}

/**
 * Creates a guard: unambiguous requests only, then rate limit, headers and users in exporter-toolkit's order. Nothing that a request
 * makes fail in it, or in the handler, ends the process: the request gets a 400, and its connection ends.
 */
export function createGuard(
  next: RequestListener,
  { initial, openPaths, log, onRefused }: GuardOptions,
): Guard {
  const basicAuth = createBasicAuth();
  const failures = createFailureLine(log);
  let config = initial;
  let rateLimit = rateLimitOf(initial);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isAmbiguous(request)) {
      refuse(response);
      return;
    }
    const refused = (reason: RefusalReason): void => {
      onRefused({ reason, address: request.socket.remoteAddress });
    };
    const isOpen = isReading(request) && openPaths.includes(pathOf(request));
    if (!isOpen && rateLimit?.take() === false) {
      refused('rate_limit');
      answer(response, 429, 'Too Many Requests');
      return;
    }
    for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);

    const verdict =
      isOpen || config.users.size === 0 ? 'accepted' : await authenticate(request, config.users, basicAuth);
    switch (verdict) {
      case 'accepted':
        // Who has gone while the password was compared needs no answer, and its request would never end.
        if (!response.destroyed) next(request, response);
        break;
      case 'refused':
        refused(request.headers.authorization === undefined ? 'no_password' : 'password');
        response.setHeader('WWW-Authenticate', 'Basic');
        answer(response, 401, 'Unauthorized');
        break;
      case 'busy':
        refused('too_many_logins');
        response.setHeader('Retry-After', '1');
        answer(response, 429, 'Too Many Requests');
        break;
    }
  }

  return {
    handler: (request, response) => {
      handle(request, response).catch((err: unknown) => {
        failures.note({ err, client: request.socket.remoteAddress, requests: 1 });
        refuse(response);
      });
    },
    follow(changed) {
      config = changed;
      rateLimit = rateLimitOf(changed);
    },
  };
}

/** Requests that failed before they were handled: a fault of this program, or of Node. */
interface FailedRequests {
  readonly err: unknown;
  readonly client: string | undefined;
  readonly requests: number;
}

function createFailureLine(log: Logger): ThrottledLogLine<FailedRequests> {
  return new ThrottledLogLine({
    merge: (earlier, later) => ({ ...later, requests: earlier.requests + later.requests }),
    say: (failed) => {
      log.error(failed, PLATFORM_LOG.unreadableRequest);
    },
  });
}

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

// As it was sent, but for the query: nothing is decoded here that the handler may read in another way.
function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*$/s, '');
}

function rateLimitOf({ rateLimit }: WebConfig): RateLimit | undefined {
  return rateLimit && createRateLimit(rateLimit.interval, rateLimit.burst);
}

// The connection ends as well: what follows on it may be read wrongly, too.
function refuse(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('Connection', 'close');
  answer(response, 400, 'Bad Request');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${text}\n`);
}

async function authenticate(
  request: IncomingMessage,
  users: WebConfig['users'],
  basicAuth: BasicAuth,
): Promise<LoginVerdict> {
  const { headers, socket } = request;
  const credentials = parseBasicAuthorization(headers.authorization);
  if (credentials === undefined) return 'refused';
  const verdict = await basicAuth.verify(users, credentials, socket);
  if (verdict === 'accepted') rememberUser(request, credentials.user);
  return verdict;
}
