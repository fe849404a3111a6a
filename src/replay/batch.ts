import { readFile } from 'node:fs/promises';
import { readFailure } from '../platform/file/read-failure.ts';

/** One captured POST. */
export interface CapturedBatch {
  readonly file: string;
  /** How many alerts it holds. */
  readonly alerts: number;
  readonly body: Buffer;
}

/** Thrown with a sentence about the file. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
}

/** Reads a file that holds the body of one POST; its bytes stay as they are. */
export async function readBatch(file: string): Promise<CapturedBatch> {
  const body = await readBody(file);
  const alerts = parseAlerts(file, body.toString());
  return { file, alerts: alerts.length, body };
}

async function readBody(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new BatchError(`${file}: cannot be read: ${readFailure(cause)}`, { cause });
  }
}

function parseAlerts(file: string, text: string): unknown[] {
  const value = parseJson(file, text);
  if (Array.isArray(value)) return value;
  throw new BatchError(
    `${file}: the file is JSON, but not an array of alerts; it must hold the body of one POST to /api/v2/alerts`,
  );
}

function parseJson(file: string, text: string): unknown {
  try {
    // The proxy takes a batch with a byte order mark, too.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new BatchError(`${file}: the file is not JSON; expected a JSON array of alerts`, { cause });
  }
}

/**
 * Moves every `startsAt` and `endsAt` by the same amount of time, so that the newest `startsAt` is `now`
 * (milliseconds since 1970): what was firing fires again, and all intervals stay. A time that cannot be read stays too.
 */
export function shiftTimes(batches: readonly CapturedBatch[], now: number): CapturedBatch[] {
  const parsed = batches.map((batch) => parseAlerts(batch.file, batch.body.toString()));
  const starts = parsed.flat().flatMap((alert) => timeOf(alert, 'startsAt') ?? []);
  if (starts.length === 0) return [...batches];
  const shift = now - starts.reduce((newest, start) => Math.max(newest, start));
  return batches.map((batch, index) => ({
    ...batch,
    body: Buffer.from(JSON.stringify(parsed[index]?.map((alert) => shiftAlert(alert, shift)))),
  }));
}

function shiftAlert(alert: unknown, shift: number): unknown {
  const times = (['startsAt', 'endsAt'] as const).flatMap((key) => {
    const time = timeOf(alert, key);
    return time === undefined ? [] : [[key, new Date(time + shift).toISOString()]];
  });
  return times.length === 0 ? alert : { ...(alert as object), ...Object.fromEntries(times) };
}

function timeOf(alert: unknown, key: 'startsAt' | 'endsAt'): number | undefined {
  const text =
    typeof alert === 'object' && alert !== null ? (alert as Record<string, unknown>)[key] : undefined;
  const time = typeof text === 'string' ? Date.parse(text) : NaN;
  // Year 1 is Go's "not set".
  return Number.isNaN(time) || time < 0 ? undefined : time;
}
