import express, { type Express, type Request, type Response } from 'express';
import type { Logger } from '../../platform/log/log.ts';
import type { Decoder } from '../../platform/text/charset.ts';
import type { Definitions } from '../../checks/definitions.ts';
import { selectCheck, type KnownCheck } from '../../checks/known-checks.ts';
import type { Judge } from '../../checks/judging/judge.ts';
import type { NodeChecks } from '../node-checks.ts';
import type { AgentMetrics } from '../metrics/agent-metrics.ts';
import { sendRawOutput } from '../../checks/api/raw-output.ts';
import { ApiError } from '../../checks/api/api-error.ts';
import { describeCheck, describeSensuResult, summarise } from '../../checks/api/check-document.ts';
import { sendDocument } from '../../page/document.ts';
import { renderLandingPage } from './landing-page.ts';
import { answerError, onlyReading, whenReady, withHeaders } from '../../checks/api/middleware.ts';
import { queryBytes, queryText } from '../../checks/api/query.ts';

interface AgentApiOptions {
  readonly checks: NodeChecks;
  readonly judge: Judge;
  readonly definitions: () => Definitions;
  readonly metrics: AgentMetrics;
  readonly decode: Decoder;
  /** Whether the log has been read up to its present end. */
  readonly isReady: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}

// Of one output in JSON unless `max_bytes` tells another number: twice that, though escapes take six times the room, and the rest stay
// within the 256 KiB that the proxy takes by default.
const DEFAULT_OUTPUT_BYTES = 16 * 1024;

// Of all documents in one answer, so that nobody has all outputs of a node in memory at once.
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** The agent's HTTP API: read-only, and nothing but what the log told. */
export function createAgentApi(options: AgentApiOptions): Express {
  const app = express();
  app.disable('x-powered-by').set('etag', 'strong').set('query parser', 'simple');
  app.use(onlyReading, withHeaders);
  app.get('/', (request, response) => {
    sendDocument(request, response, renderLandingPage(options));
  });
  app.get('/-/healthy', (_, response) =>
    response.type('text').send('alertmanager-proxy agent is healthy.\n'),
  );
  app.use(whenReady(options.isReady));
  app.get('/-/ready', (_, response) => response.type('text').send('alertmanager-proxy agent is ready.\n'));
  app.get('/metrics', (_, response) => sendMetrics(options, response));
  app.get('/checks', (request, response) => response.json(answerChecks(options, request)));
  app.get('/checks/:name', (request, response) => response.json(answerCheck(options, request)));
  app.get('/checks/:name/output', (request, response) => {
    sendOutput(options, request, response);
  });
  app.get('/results/:client/:name', (request, response) => response.json(answerResult(options, request)));
  app.use(() => {
    throw new ApiError(404, 'no such page');
  });
  app.use(answerError(options.log));
  return app;
}

async function sendMetrics(
  { metrics, checks, judge, definitions }: AgentApiOptions,
  response: Response,
): Promise<void> {
  const known = checks.list(definitions());
  const text = await metrics.scrape(judge.judge(known), definitions().checks.size);
  response.setHeader('Content-Type', metrics.contentType);
  response.send(text);
}

function answerChecks(options: AgentApiOptions, request: Request): object {
  const checks = chooseChecks(options, request);
  const client = clientName(options);
  if (queryText(request, 'output') !== '1') {
    return { client, checks: checks.map((check) => summarise(check, options.now())) };
  }
  return { client, checks: describeAll(options, checks, outputBytes(request)) };
}

// To share the room among the checks would make the text of one depend on which others are asked for. The proxy asks one by one then.
function describeAll(options: AgentApiOptions, checks: readonly KnownCheck[], maxBytes: number): object[] {
  let bytes = 0;
  return checks.map((check) => {
    const document = describe(options, check, maxBytes);
    bytes += Buffer.byteLength(JSON.stringify(document));
    if (bytes > MAX_ANSWER_BYTES) {
      throw new ApiError(413, 'more than 8 MiB: ask for fewer checks, or for less of each with "max_bytes"');
    }
    return document;
  });
}

// All checks, or those that are named and known.
function chooseChecks({ checks: known, definitions }: AgentApiOptions, request: Request): KnownCheck[] {
  const checks = known.list(definitions());
  const names = queryText(request, 'names');
  const source = queryText(request, 'source');
  if (names === undefined)
    return source === undefined ? checks : checks.filter((check) => check.source === source);
  return [...new Set(names.split(','))]
    .map((name) => selectCheck(checks, name, source))
    .filter((check) => check !== undefined);
}

function answerCheck(options: AgentApiOptions, request: Request): object {
  const check = findCheck(options, request);
  return describe(options, check, outputBytes(request));
}

function sendOutput(options: AgentApiOptions, request: Request, response: Response): void {
  const { state } = findCheck(options, request);
  sendRawOutput(request, response, { state, decode: options.decode });
}

function answerResult({ checks, decode }: AgentApiOptions, request: Request): object {
  const { client, name } = request.params as { client: string; name: string };
  const state = checks.get(client, name);
  if (state === undefined) throw new ApiError(404, 'unknown check');
  return describeSensuResult(client, state, { decode, maxBytes: outputBytes(request) });
}

function outputBytes(request: Request): number {
  return queryBytes(request, 'max_bytes') ?? DEFAULT_OUTPUT_BYTES;
}

function findCheck({ checks, definitions }: AgentApiOptions, request: Request): KnownCheck {
  const { name } = request.params as { name: string };
  const check = selectCheck(checks.list(definitions()), name, queryText(request, 'source'));
  if (check === undefined) throw new ApiError(404, 'unknown check');
  return check;
}

function describe(options: AgentApiOptions, check: KnownCheck, maxBytes: number): object {
  const { definitions, decode } = options;
  return describeCheck(check, { client: clientName(options), definitions: definitions(), decode, maxBytes });
}

function clientName({ definitions, checks }: AgentApiOptions): string | null {
  return definitions().client?.name ?? checks.client ?? null;
}
