// Sensu's client HTTP socket (client/http_socket.rb), with its answers.
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { version } from '../platform/file/package-files.ts';
import { parseBasicAuthorization, type Login } from '../platform/web/basic-authorization.ts';
import { statusOf } from '../platform/web/error-status.ts';
import { encodeText } from '../sensu/bytes-as-text.ts';
import type { HttpSocketAddress } from '../sensu/client-definition.ts';
import { writeJson, type JsonObject } from '../sensu/json.ts';
import { redact } from '../sensu/redact.ts';
import { MAX_PUSHED_BYTES, type ResultInput } from '../checks/pushed-result.ts';
import type { PushListener } from './push-listener.ts';

interface HttpSocketOptions {
  readonly address: HttpSocketAddress;
  readonly input: ResultInput;
  /** The whole configuration, for `GET /settings`. */
  readonly settings: () => JsonObject;
}

const INFO = {
  sensu: { version },
  transport: {
    name: 'log',
    keepalives: { messages: 0, consumers: 0 },
    results: { messages: 0, consumers: 0 },
    connected: true,
  },
};

const ENDPOINTS = {
  '/info': { help: 'Sensu client information', methods: ['GET'] },
  '/results': { help: 'Send check JSON results here', methods: ['POST'] },
  '/settings': {
    help: 'Get redacted Sensu settings (requires basic auth). Use ?redacted=false if you want the setting unredacted.',
    methods: ['GET'],
  },
  '/brew': { help: 'Ask Sensu to brew a cup of joe (try it!)', methods: ['GET'] },
};

/** Listens for results over HTTP. */
export async function listenHttp(options: HttpSocketOptions): Promise<PushListener> {
  const server = createServer(createApp(options));
  server.listen(options.address.port, options.address.bind);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function createApp({ address, input, settings }: HttpSocketOptions): Express {
  const app = express();
  app.disable('x-powered-by').enable('strict routing').enable('case sensitive routing');
  const authenticated = requireCredentials(address);
  if (address.protectAllEndpoints) app.use(authenticated);
  app.get('/info', (_, response) => response.json(INFO));
  app.post(
    '/results',
    requireJson,
    express.raw({ type: () => true, limit: MAX_PUSHED_BYTES }),
    postResults(input),
  );
  app.get('/settings', authenticated, (request, response) => {
    const isPlain = /redacted=false/i.test(new URL(request.url, 'http://localhost').search);
    response.type('json').send(encodeText(writeJson(isPlain ? settings() : redact(settings()))));
  });
  app.get('/brew', (_, response) => response.status(418).json({ response: "I'm a teapot!" }));
  for (const [path, { methods }] of Object.entries(ENDPOINTS)) {
    app.all(path, (_, response) => {
      const allowed = `Valid methods for this endpoint: ${JSON.stringify(methods)}`;
      response.status(405).set('Allow', methods.join(', ')).json({ response: allowed });
    });
  }
  app.use((_: Request, response: Response) => response.status(404).json({ endpoints: ENDPOINTS }));
  app.use(answerError);
  return app;
}

function postResults(input: ResultInput): RequestHandler {
  return (request, response) => {
    const body: unknown = request.body;
    const pushed = input.take(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    if (pushed.outcome !== 'accepted') input.refuse(pushed.reason);
    if (pushed.outcome === 'accepted') response.status(202).json({ response: 'ok' });
    else if (pushed.outcome === 'unparsable')
      response.status(400).json({ response: 'Failed to parse JSON body' });
    else
      response
        .status(500)
        .json({ response: 'Internal Server Error: Check your Sensu logs for error details' });
  };
}

// A web page cannot send this type to another site without asking first.
const requireJson: RequestHandler = (request, response, next) => {
  if (request.headers['content-type']?.includes('application/json') === true) next();
  else response.status(415).json({ response: 'Invalid content type' });
};

function requireCredentials({ credentials }: HttpSocketAddress): RequestHandler {
  const expected = credentials && digest(credentials);
  return (request, response, next) => {
    const given = parseBasicAuthorization(request.headers.authorization);
    if (given !== undefined && expected !== undefined && timingSafeEqual(expected, digest(given))) {
      next();
      return;
    }
    response.status(401).set('WWW-Authenticate', 'Basic realm="Sensu Client Restricted Area"').json({
      response: 'You must be authenticated using your http_options user and password settings',
    });
  };
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const isTooLarge = statusOf(error) === 413;
  response
    .status(isTooLarge ? 413 : 400)
    .json({ response: isTooLarge ? 'Body too large' : 'Failed to read body' });
};

function digest({ user, password }: Login): Buffer {
  return createHash('sha256').update(`${user}:${password}`).digest();
}
