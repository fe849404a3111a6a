import { Router, type Request, type Response } from 'express';
import { ApiError } from '../../checks/api/api-error.ts';
import { describeCheck, describeSensuResult, summarise } from '../../checks/api/check-document.ts';
import { queryBytes, queryText } from '../../checks/api/query.ts';
import type { Clock } from '../../checks/clock.ts';
import { sendRawOutput } from '../../checks/api/raw-output.ts';
import type { JsonRecord } from '../../checks/result.ts';
import { parseDuration } from '../../platform/time/duration.ts';
import type { Decoder } from '../../platform/text/charset.ts';
import type { CheckEntry, ClientEntry } from '../results/check-entry.ts';
import { loadCheck } from '../results/records.ts';
import type { ResultStore } from '../results/result-store.ts';

export interface ClientsApiOptions {
  readonly results: ResultStore;
  /** Reads one key of the storage: texts are there only. */
  readonly get: (key: string) => Promise<string | undefined>;
  readonly decode: Decoder;
  readonly clock: Clock;
}

// The agent's own limits (docs/agent.md).
const DEFAULT_OUTPUT_BYTES = 16 * 1024;
const MAX_ANSWER_BYTES = 8 * 1024 ** 2;
const MAX_LISTED = 1000;

/** What is known of checks, in the shapes of the agent and of Sensu Core. Texts are read from the disk when they are asked for. */
export function createClientsApi(options: ClientsApiOptions): Router {
  const api = Router({ caseSensitive: true, strict: true });
  api.get('/clients', (request, response) => {
    response.json(listClients(request, options));
  });
  api.get('/clients/:client/checks', async (request, response) => {
    response.json(await answerChecks(request, options));
  });
  api.get('/clients/:client/checks/:check', async (request, response) => {
    response.json(describe(await load(request, options), outputBytes(request), options));
  });
  api.get('/clients/:client/checks/:check/output', (request, response) =>
    sendOutput(request, response, options),
  );
  api.get('/results', (request, response) => answerResults(request, response, options));
  api.get('/results/:client', async (request, response) => {
    const entries = await loadAll(options.results.checksOf(clientOf(request, options)), options);
    response.json(entries.map((entry) => sensuResult(entry, outputBytes(request), options)));
  });
  api.get('/results/:client/:check', async (request, response) => {
    response.json(sensuResult(await load(request, options), outputBytes(request), options));
  });
  return api;
}

function listClients(request: Request, { results, clock }: ClientsApiOptions): JsonRecord[] {
  const silence = queryText(request, 'silent');
  const silent = silence === undefined ? undefined : parseDuration(silence);
  if (silence !== undefined && silent === undefined)
    throw new ApiError(400, '"silent" has to be a duration such as 180s');
  const { limit, offset } = rangeOf(request);
  return results
    .clients()
    .filter(({ received }) => silent === undefined || clock.now() - received > silent)
    .slice(offset, offset + limit)
    .map((client) => describeClient(client, results));
}

function describeClient({ name, attributes, received }: ClientEntry, results: ResultStore): JsonRecord {
  const statuses = { ok: 0, warning: 0, critical: 0, unknown: 0 };
  for (const { state } of results.checksOf(name)) {
    statuses[(['ok', 'warning', 'critical'] as const)[state.result.status] ?? 'unknown'] += 1;
  }
  return { name, address: attributes['address'] ?? null, last_push: received / 1000, checks: statuses };
}

async function answerChecks(request: Request, options: ClientsApiOptions): Promise<JsonRecord> {
  const { results, clock } = options;
  const client = clientOf(request, options);
  const names = queryText(request, 'names')?.split(',');
  const entries = results.checksOf(client).filter(({ name }) => names?.includes(name) ?? true);
  if (queryText(request, 'output') !== '1') {
    return { client, checks: entries.map((entry) => summarise(results.known(entry), clock.now())) };
  }
  let bytes = 0;
  const checks: JsonRecord[] = [];
  for (const entry of await loadAll(entries, options)) {
    const document = describe(entry, outputBytes(request), options);
    bytes += Buffer.byteLength(JSON.stringify(document));
    if (bytes > MAX_ANSWER_BYTES) {
      throw new ApiError(413, 'more than 8 MiB: ask for fewer checks, or for less of each with "max_bytes"');
    }
    checks.push(document);
  }
  return { client, checks };
}

async function sendOutput(request: Request, response: Response, options: ClientsApiOptions): Promise<void> {
  const { state } = await load(request, options);
  sendRawOutput(request, response, { state, decode: options.decode });
}

async function answerResults(
  request: Request,
  response: Response,
  options: ClientsApiOptions,
): Promise<void> {
  const { limit, offset } = rangeOf(request);
  const all = options.results.checks();
  const entries = await loadAll(all.slice(offset, offset + limit), options);
  response.set('X-Pagination', JSON.stringify({ limit, offset, total: all.length }));
  response.json(entries.map((entry) => sensuResult(entry, outputBytes(request), options)));
}

function describe(entry: CheckEntry, maxBytes: number, { results, decode }: ClientsApiOptions): JsonRecord {
  const known = results.known(entry);
  const node = entry.state.result.client === '' ? entry.owner : entry.state.result.client;
  const attributes = results.client(node)?.attributes;
  const document = describeCheck(
    { ...known, state: entry.state },
    {
      client: node,
      definitions: { client: attributes && { name: node, attributes }, checks: new Map() },
      decode,
      maxBytes,
    },
  );
  return { ...document, received: entry.received / 1000 };
}

function sensuResult(entry: CheckEntry, maxBytes: number, { decode }: ClientsApiOptions): JsonRecord {
  return describeSensuResult(entry.owner, entry.state, { decode, maxBytes });
}

async function load(request: Request, options: ClientsApiOptions): Promise<CheckEntry> {
  const client = clientOf(request, options);
  const { check } = request.params as { check: string };
  const known = options.results.find(client, check);
  const entry = known && (await loadCheck(options.get, known, options.clock));
  if (entry === undefined) throw new ApiError(404, 'unknown check');
  return entry;
}

async function loadAll(
  entries: readonly CheckEntry[],
  { get, clock }: ClientsApiOptions,
): Promise<CheckEntry[]> {
  const loaded: CheckEntry[] = [];
  for (const entry of entries) {
    const whole = await loadCheck(get, entry, clock);
    if (whole !== undefined) loaded.push(whole);
  }
  return loaded;
}

function clientOf({ params }: Request, { results }: ClientsApiOptions): string {
  const { client } = params as { client: string };
  if (results.client(client) === undefined && results.checksOf(client).length === 0) {
    throw new ApiError(404, 'unknown client');
  }
  return client;
}

function outputBytes(request: Request): number {
  return queryBytes(request, 'max_bytes') ?? DEFAULT_OUTPUT_BYTES;
}

function rangeOf(request: Request): { limit: number; offset: number } {
  const numberOf = (name: string): number | undefined => {
    const text = queryText(request, name);
    if (text !== undefined && !/^\d{1,9}$/.test(text))
      throw new ApiError(400, `"${name}" has to be a number`);
    return text === undefined ? undefined : Number(text);
  };
  return { limit: Math.min(numberOf('limit') ?? MAX_LISTED, MAX_LISTED), offset: numberOf('offset') ?? 0 };
}
