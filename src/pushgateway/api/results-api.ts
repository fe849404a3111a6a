import { isUtf8 } from 'node:buffer';
import { Router, type Request, type Response } from 'express';
import type { Clock } from '../../checks/clock.ts';
import { queryText } from '../../checks/api/query.ts';
import type { PushgatewayMetrics } from '../metrics/pushgateway-metrics.ts';
import { readPushedResults, ResultsError, type PushedResults } from '../results/pushed-results.ts';
import type { ResultStore } from '../results/result-store.ts';
import { ExpositionError } from '../exposition/metric-family.ts';
import type { Committer } from '../storage/committer.ts';
import { encodingOf, readBody, unpack } from './body.ts';

export interface ResultsApiOptions {
  readonly results: ResultStore;
  readonly committer: Committer;
  readonly metrics: PushgatewayMetrics;
  readonly clock: Clock;
  /** What is kept of an output, in bytes. */
  readonly outputLimit: number;
}

/** What takes check results: `POST /results` and `PUT /results/{client}/{check}`; and what removes them. */
export function createResultsApi(options: ResultsApiOptions): Router {
  const api = Router({ caseSensitive: true, strict: true });
  api.post('/results', (request, response) => takeJson(request, response, options));
  api.put('/results/:client/:check', (request, response) => takeOutput(request, response, options));
  api.delete('/results/:client/:check', (request, response) => removeCheck(request, response, options));
  api.delete('/clients/:client', (request, response) => removeClient(request, response, options));
  return api;
}

async function takeJson(request: Request, response: Response, options: ResultsApiOptions): Promise<void> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    answer(response, 415, 'Invalid content type');
    return;
  }
  const body = await takeBody(request, response);
  if (body === undefined) return;
  await take(body, queryText(request, 'client'), { response, ...options });
}

/** A script's output as it printed it, with the rest in the query: `?status=2&interval=60`. */
async function takeOutput(request: Request, response: Response, options: ResultsApiOptions): Promise<void> {
  const { client, check } = request.params as { client: string; check: string };
  const numbers: Record<string, number> = {};
  for (const name of ['status', 'duration', 'interval', 'ttl', 'executed']) {
    const text = queryText(request, name);
    if (text === undefined) continue;
    const isNumber = name === 'duration' ? /^\d+(?:\.\d+)?$/ : /^-?\d{1,15}$/;
    if (!isNumber.test(text)) {
      answer(response, 400, `${name} must be ${name === 'duration' ? 'a number' : 'an integer'}`);
      return;
    }
    numbers[name] = Number(text);
  }
  if (numbers['status'] === undefined) {
    answer(response, 400, 'status is missing: ?status=0');
    return;
  }
  const output = await takeBody(request, response);
  if (output === undefined) return;
  const source = queryText(request, 'source');
  const text = isUtf8(output) ? { output: output.toString() } : { output_base64: output.toString('base64') };
  const result = { name: check, ...numbers, ...(source !== undefined && { source }), ...text };
  await take(Buffer.from(JSON.stringify(result)), client, { response, ...options });
}

async function takeBody(request: Request, response: Response): Promise<Buffer | undefined> {
  const named = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const encoding = encodingOf(request);
  if (encoding === undefined && named !== 'identity') {
    answer(response, 415, 'Content-Encoding can be gzip or snappy');
    return undefined;
  }
  const body = await readBody(request);
  try {
    return await unpack(body, encoding);
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    answer(response, 400, `body is not valid ${encoding ?? 'gzip'}`);
    return undefined;
  }
}

async function take(
  body: Buffer,
  client: string | undefined,
  { response, results, committer, metrics, clock, outputLimit }: ResultsApiOptions & { response: Response },
): Promise<void> {
  let pushed: PushedResults;
  try {
    pushed = readPushedResults(body, { client, now: clock.now(), outputLimit });
  } catch (error) {
    if (!(error instanceof ResultsError)) throw error;
    metrics.countResults('invalid', 1);
    answer(response, error.status, error.message);
    return;
  }
  const outcome = await committer.submit(() => {
    const plan = results.planRequest(pushed);
    return { answer: plan.outcome, changes: plan.changes };
  }, body.length);
  const errors = pushed.results.filter((result) => 'error' in result);
  const { stored, older, full } = outcome;
  metrics.countResults('stored', stored);
  metrics.countResults('older', older);
  metrics.countResults('invalid', errors.length);
  metrics.countResults('refused', full.length);
  if (full[0] !== undefined) response.status(507).json({ response: full[0], stored, older });
  else if (errors.length > 0) {
    response.status(400).json({ response: 'some results are invalid', stored, older, errors });
  } else response.status(202).json({ response: 'ok', stored, older });
}

async function removeCheck(
  request: Request,
  response: Response,
  { results, committer }: ResultsApiOptions,
): Promise<void> {
  const { client, check } = request.params as { client: string; check: string };
  const isKnown = await committer.submit(() => {
    const entry = results.find(client, check);
    return { answer: entry !== undefined, changes: results.planRemoval(entry === undefined ? [] : [entry]) };
  }, 0);
  response.status(isKnown ? 204 : 404).end();
}

async function removeClient(
  request: Request,
  response: Response,
  { results, committer }: ResultsApiOptions,
): Promise<void> {
  const { client } = request.params as { client: string };
  const isKnown = await committer.submit(() => {
    const changes = results.planClientRemoval(client);
    return { answer: changes.length > 0, changes };
  }, 0);
  response.status(isKnown ? 204 : 404).end();
}

function answer(response: Response, status: number, sentence: string): void {
  response.status(status).json({ response: sentence });
}
