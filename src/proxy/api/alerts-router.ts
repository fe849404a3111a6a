import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { describeError } from '../../platform/log/log.ts';
import type { ThrottledLog } from '../../platform/log/throttled-log.ts';
import { statusOf } from '../../platform/web/error-status.ts';
import { BatchSyntaxError } from '../alert/parse.ts';
import type { BatchAnswer, Intake } from '../intake/intake.ts';
import type { BatchOutage } from '../activity/batch-outage.ts';
import { createBodyBudget, type BodyBudgetOptions } from './body-budget.ts';
import { PROXY_LOG } from '../activity/log-messages.ts';

export interface AlertsRouterOptions {
  readonly intake: Pick<Intake, 'receive'>;
  /** Bytes; longer bodies are answered with 413. */
  readonly maxBody: number;
  /** Milliseconds for a body to come; longer ones are answered with 408. For tests, which cannot wait for 15 s. */
  readonly bodyTimeout?: number;
  /** Told the seconds from the last byte of a batch, unless it was refused unread, and the address of who sent it. */
  readonly onAnswered: (code: number, seconds: number | undefined, sender: string | undefined) => void;
  /** Both outlive the router, which a reload replaces. */
  readonly outage: BatchOutage;
  readonly problems: ThrottledLog;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
}

/** What is sent back; Prometheus looks at the code, people at the message. */
interface Reply {
  readonly code: number;
  readonly body?: Buffer | string;
}

/** So many of the largest bodies are held at a time; of those that Prometheus sends, hundreds. */
const LARGEST_BODIES_HELD = 4;
/** Prometheus gives up at 10 s. */
const BODY_TIMEOUT_MS = 9_000;

// Whatever stands before it: Prometheus joins its path_prefix, relabelling may change it, and the path chooses nothing here.
const ALERTS_PATH = /\/api\/v([12])\/alerts\/?$/;

/** `POST {any prefix}/api/v2/alerts`, as Prometheus sends it. */
export function createAlertsRouter(options: AlertsRouterOptions): Router {
  const { maxBody } = options;
  const router = express.Router();
  const startedAt = new WeakMap<Request, number>();
  router.post(
    ALERTS_PATH,
    (request: Request, _: Response, next: NextFunction) => {
      startedAt.set(request, options.monotonic());
      next();
    },
    requireJson(options),
    createBodyBudget({
      maxBytes: LARGEST_BODIES_HELD * maxBody,
      timeout: options.bodyTimeout ?? BODY_TIMEOUT_MS,
      refuse: refuseBody(options),
    }),
    // Not express.json: it would stop at 100 kB, and the bytes themselves are needed.
    express.raw({ type: () => true, limit: maxBody, inflate: false }),
    async (request: Request, response: Response) => {
      if (response.headersSent) return;
      const readAt = options.monotonic();
      const answer = await answerBatch(request, startedAt.get(request) ?? readAt, options);
      reply(options, response, answer, (options.monotonic() - readAt) / 1000);
    },
    explainBodyError(options),
  );
  router.all(ALERTS_PATH, refuseMethod(options));
  return router;
}

async function answerBatch(
  request: Request,
  startedAt: number,
  options: AlertsRouterOptions,
): Promise<Reply> {
  const { intake, problems } = options;
  const body: unknown = request.body;
  try {
    const answer = await intake.receive({
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      headers: request.headers,
      sender: request.socket.remoteAddress ?? '',
      startedAt,
    });
    logProblems(answer, request.socket.remoteAddress, options);
    return replyTo(answer, request.path);
  } catch (error) {
    if (!(error instanceof BatchSyntaxError)) throw error;
    problems.note({
      level: 'warn',
      message: PROXY_LOG.refusedJunk,
      client: request.socket.remoteAddress,
      fields: { err: error },
    });
    return problem(400, error.message);
  }
}

function replyTo(answer: BatchAnswer, path: string): Reply {
  if (answer.kind === 'refused')
    return problem(503, 'the turn of this batch did not come in time; try again later');
  const { verdict, malformed, alerts } = answer;
  if (verdict.kind === 'rejected') return { code: verdict.status, body: verdict.body };
  if (verdict.kind === 'unavailable') return problem(502, verdict.sentence);
  if (malformed.length > 0) {
    const named = malformed.slice(0, 10).map(({ index, sentence }) => `[${index}] ${sentence}`);
    const more = malformed.length > named.length ? ` and ${malformed.length - named.length} more` : '';
    return problem(
      400,
      `left out ${malformed.length} of ${malformed.length + alerts} alerts: ${named.join('; ')}${more}${alerts === 0 ? '' : '; the others were forwarded'}`,
    );
  }
  return { code: 200, ...(isVersion1(path) && { body: '{"status":"success"}' }) };
}

function isVersion1(path: string): boolean {
  return ALERTS_PATH.exec(path)?.[1] === '1';
}

// One line per outcome that somebody should look at; nothing on the happy path.
function logProblems(
  answer: BatchAnswer,
  client: string | undefined,
  { outage, problems }: AlertsRouterOptions,
): void {
  const warn = (message: string, fields: Readonly<Record<string, unknown>>): void => {
    problems.note({ level: 'warn', message, client, fields });
  };
  if (answer.kind === 'refused') {
    problems.note({ level: 'error', message: PROXY_LOG.refusedBatch, client });
    return;
  }
  const { verdict, malformed, alerts, oversized } = answer;
  if (verdict.kind === 'unavailable') outage.notAccepted(alerts, verdict.sentence);
  // An empty batch is sent to nobody.
  if (verdict.kind === 'accepted' && alerts > 0) outage.accepted();
  if (oversized > 0) warn(PROXY_LOG.oversizedAlerts, { oversized, alerts });
  const [first] = malformed;
  if (first !== undefined) {
    const err = `[${first.index}] ${first.sentence}`;
    warn(PROXY_LOG.malformedAlerts, { malformed: malformed.length, alerts, err });
  }
}

// As Alertmanager does: its API v1 takes any type. A browser cannot send this type across origins without being asked first.
function requireJson(options: AlertsRouterOptions): RequestHandler {
  return (request, response, next) => {
    // Alertmanager does not look at the encoding, whatever it says: what is not JSON then is refused.
    delete request.headers['content-encoding'];
    if (isVersion1(request.path) || request.is('application/json') !== false) {
      next();
      return;
    }
    const sentence = 'the Content-Type must be application/json';
    noteRefusal(options, request, PROXY_LOG.refusedBody, sentence);
    reply(options, response, problem(415, sentence));
  };
}

function noteRefusal(
  { problems }: AlertsRouterOptions,
  request: Request,
  message: string,
  err: unknown,
): void {
  problems.note({ level: 'warn', message, client: request.socket.remoteAddress, fields: { err } });
}

function refuseMethod(options: AlertsRouterOptions): RequestHandler {
  return (request, response) => {
    const sentence = 'only POST is answered here; ask Alertmanager itself for its alerts';
    noteRefusal(options, request, PROXY_LOG.refusedRequest, sentence);
    response.set('Allow', 'POST');
    reply(options, response, problem(405, sentence));
  };
}

function explainBodyError(options: AlertsRouterOptions): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return;
    const status = statusOf(error);
    if (status === undefined) {
      next(error);
      return;
    }
    noteRefusal(options, request, PROXY_LOG.refusedBody, error);
    reply(options, response, problem(status, SENTENCES[status] ?? describeError(error)));
  };
}

function refuseBody(options: AlertsRouterOptions): BodyBudgetOptions['refuse'] {
  const { bodyTimeout = BODY_TIMEOUT_MS } = options;
  return (request, response, why) => {
    // The rest of it is not taken.
    response.set('Connection', 'close');
    if (why === 'too slow') {
      const sentence = `the body was not whole within ${bodyTimeout / 1000} s`;
      noteRefusal(options, request, PROXY_LOG.refusedBody, sentence);
      reply(options, response, problem(408, sentence));
    } else {
      options.problems.note({
        level: 'error',
        message: PROXY_LOG.refusedForRoom,
        client: request.socket.remoteAddress,
      });
      reply(options, response, problem(503, 'too many bytes are being held already; try again later'));
    }
  };
}

// Of what express.raw refuses.
const SENTENCES: Readonly<Record<number, string>> = {
  413: 'the body is larger than server.max_body',
};

function problem(code: number, message: string): Reply {
  return { code, body: JSON.stringify({ code, message }) };
}

/** @param seconds from the last byte of a batch; absent where nothing was asked of the intake */
function reply(
  { onAnswered }: AlertsRouterOptions,
  response: Response,
  { code, body }: Reply,
  seconds?: number,
): void {
  response.status(code).set('Cache-Control', 'no-store');
  if (body !== undefined) response.set('Content-Type', 'application/json');
  response.set('Content-Length', String(body === undefined ? 0 : Buffer.byteLength(body)));
  response.end(body);
  onAnswered(code, seconds, response.req.socket.remoteAddress);
}
