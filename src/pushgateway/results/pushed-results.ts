import { boundAttributes } from '../../checks/bounded-attributes.ts';
import { wholeOutput, shorten } from '../../checks/output.ts';
import type { CheckResult, JsonRecord } from '../../checks/result.ts';
import { resultProblem } from '../../sensu/check-rules.ts';
import { float, integer, parseJson, writeJson, isObject, type JsonValue } from '../../sensu/json.ts';
import { redact } from '../../sensu/redact.ts';

/** A request that cannot be taken as a whole; the sentence says why. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
  readonly status: 400 | 413;

  constructor(sentence: string, status: 400 | 413 = 400) {
    super(sentence);
    this.status = status;
  }
}

/** One request as its client means it. */
export interface PushedResults {
  /** Valid results, and what is wrong with the others, by their place in the request. */
  readonly results: readonly (CheckResult | { readonly index: number; readonly error: string })[];
  /** What the request says beside its results; undefined: nothing, as it is no envelope. */
  readonly envelope: Envelope | undefined;
  /** The label `job` of its series. */
  readonly job: string;
}

export interface Envelope {
  readonly client: string;
  readonly attributes: JsonRecord;
  readonly instance: string;
  /** When the client sent it, in seconds since the epoch by its own clock. */
  readonly sent: number | undefined;
  readonly subdued: Readonly<Record<string, number>>;
  readonly gone: readonly string[];
  /** undefined: as before. */
  readonly defined: Readonly<Record<string, JsonRecord>> | undefined;
  readonly spool: { readonly results: number; readonly dropped: number };
  /** Whether the client goes for good. */
  readonly isLast: boolean;
}

interface ReadOptions {
  /** `?client=`, for results that do not name their client. */
  readonly client: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What is kept of an output, in bytes. */
  readonly outputLimit: number;
}

const MAX_RESULTS = 1000;
const NAME = /^[\w.-]{1,255}$/;
const CLOCK_TOLERANCE_SECONDS = 300;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Reads an envelope, a message of sensu-client's log, a flat result of Sensu's, or an array of the last two. Throws a ResultsError. */
export function readPushedResults(body: Buffer, options: ReadOptions): PushedResults {
  const parsed = parse(body);
  if (isRecord(parsed) && Array.isArray(parsed['results']))
    return readEnvelope(parsed, parsed['results'], options);
  if (!isRecord(parsed) && !Array.isArray(parsed)) throw new ResultsError('a check result must be an object');
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return { results: readItems(items, options.client, options), envelope: undefined, job: 'checks' };
}

function readEnvelope(
  envelope: JsonRecord,
  results: readonly unknown[],
  options: ReadOptions,
): PushedResults {
  const client = isRecord(envelope['client']) ? envelope['client'] : {};
  const name = client['name'];
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new ResultsError('client name cannot contain spaces or special characters');
  }
  const { job, instance, sent, deregister } = envelope;
  return {
    results: readItems(results, name, options),
    job: typeof job === 'string' && job !== '' ? job : 'checks',
    envelope: {
      client: name,
      attributes: withoutSecrets(boundAttributes(client).attributes),
      instance: typeof instance === 'string' && instance !== '' ? instance : name,
      sent: typeof sent === 'number' ? sent : undefined,
      subdued: subduedOf(envelope['subdued']),
      gone: Array.isArray(envelope['gone']) ? envelope['gone'].filter(isName) : [],
      defined: definedOf(envelope['defined']),
      spool: spoolOf(envelope['spool']),
      isLast: deregister === true,
    },
  };
}

function readItems(
  items: readonly unknown[],
  client: string | undefined,
  options: ReadOptions,
): PushedResults['results'] {
  if (items.length > MAX_RESULTS)
    throw new ResultsError(`more than ${MAX_RESULTS} results: send fewer at once`, 413);
  return items.map((item, index) => {
    const result = readItem(item, client, options);
    return typeof result === 'string' ? { index, error: result } : result;
  });
}

// A sentence if it is invalid.
function readItem(item: unknown, fallback: string | undefined, options: ReadOptions): CheckResult | string {
  if (!isRecord(item)) return 'a check result must be an object';
  // A message of the log has the check within it.
  const isMessage = isRecord(item['check']) && typeof item['client'] === 'string';
  const check = isMessage ? (item['check'] as JsonRecord) : item;
  const source = typeof check['source'] === 'string' && check['source'] !== '' ? check['source'] : undefined;
  const client = isMessage ? String(item['client']) : (fallback ?? source);
  if (client === undefined) return 'client is missing: send an envelope, or ?client=';
  if (!NAME.test(client)) return 'client name cannot contain spaces or special characters';
  const output = outputOf(check);
  if (typeof output === 'string') return output;
  return toResult({ client, source, check, output }, options);
}

interface ReadCheck {
  readonly client: string;
  readonly source: string | undefined;
  readonly check: JsonRecord;
  readonly output: Buffer | undefined;
}

// Sensu's defaults: status 0, executed now. What lies in the future was made by a wrong clock, or in milliseconds.
function toResult(
  { client, source, check, output }: ReadCheck,
  { now, outputLimit }: ReadOptions,
): CheckResult | string {
  const seconds = Math.floor(now / 1000);
  const rest = { ...check, output_base64: undefined };
  const filled = { ...rest, status: check['status'] ?? 0, executed: check['executed'] ?? seconds };
  const problem = resultProblem(
    toJsonObject(withoutUndefined({ ...filled, output: output === undefined ? null : '' })),
  );
  if (problem !== undefined) return problem;
  const { name } = check;
  const { status, executed } = filled;
  // resultProblem has refused all else; this tells the compiler.
  if (typeof name !== 'string' || typeof status !== 'number' || typeof executed !== 'number')
    return 'check name, status and executed must be a string and two numbers';
  if (!NAME.test(name)) return 'check name must be at most 255 characters long';
  if (source !== undefined && !NAME.test(source))
    return 'check source cannot contain spaces or special characters';
  const started = executed > seconds + CLOCK_TOLERANCE_SECONDS ? seconds : executed;
  const kept = boundAttributes(withoutUndefined({ ...filled, executed: started, output: '' }));
  return {
    ...{ client, name, source, status, executed: started },
    output: shorten(wholeOutput(output ?? Buffer.alloc(0)), outputLimit),
    attributes: kept.attributes,
    attributeBytes: kept.bytes,
    leftOut: kept.leftOut,
  };
}

function withoutUndefined(record: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function outputOf({ output, output_base64: base64 }: JsonRecord): Buffer | string | undefined {
  if (base64 === undefined) return typeof output === 'string' ? Buffer.from(output) : undefined;
  if (output !== undefined) return 'only one of output and output_base64 can be given';
  if (typeof base64 !== 'string' || !BASE64.test(base64)) return 'output_base64 is not base64';
  return Buffer.from(base64, 'base64');
}

// What the rules look at lies at the top; a number there is an integer if JavaScript can take it for one.
function toJsonObject(record: JsonRecord): ReadonlyMap<string, JsonValue> {
  return new Map(Object.entries(record).map(([key, value]) => [key, toJsonValue(value)]));
}

function toJsonValue(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? integer(value) : float(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' ? null : toJsonValue(item)));
  return new Map();
}

function withoutSecrets(attributes: JsonRecord): JsonRecord {
  const parsed = parseJson(JSON.stringify(attributes));
  if (!parsed.ok || !isObject(parsed.value)) return {};
  return JSON.parse(writeJson(redact(parsed.value))) as JsonRecord;
}

function subduedOf(list: unknown): Record<string, number> {
  if (!Array.isArray(list)) return {};
  const runs = list.filter(isRecord).filter(({ name, at }) => isName(name) && typeof at === 'number');
  return Object.fromEntries(runs.map(({ name, at }) => [String(name), Number(at)]));
}

function definedOf(list: unknown): Record<string, JsonRecord> | undefined {
  if (!Array.isArray(list)) return undefined;
  const definitions = list.filter(isRecord).filter(({ name }) => isName(name));
  return Object.fromEntries(definitions.map((one) => [String(one['name']), boundAttributes(one).attributes]));
}

function spoolOf(spool: unknown): Envelope['spool'] {
  const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
  return isRecord(spool)
    ? { results: count(spool['results']), dropped: count(spool['dropped']) }
    : { results: 0, dropped: 0 };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ResultsError('Failed to parse JSON body');
  }
}
