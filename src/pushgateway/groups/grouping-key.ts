import { isUtf8 } from 'node:buffer';
import { goQuote } from '../exposition/go-quote.ts';
import type { LabelPair } from '../exposition/metric-family.ts';
import { isLabelName, unescapeName, type NameRule } from '../exposition/names.ts';

/** The path of a push names no group; the message says why. */
export class GroupingKeyError extends Error {
  override readonly name = 'GroupingKeyError';
}

/** Told of `//`, and of `..`, which some clients take out of a path. */
export const EMPTY_SEGMENT =
  'empty path segment: write an empty value as label@base64/=, and values with a slash in base64';

const BASE64 = '@base64';
const MAX_NAME_BYTES = 512;
const MAX_VALUE_BYTES = 16 * 1024;

/**
 * Reads the labels of a group from the raw path that follows `/metrics/`, sorted by name: `job/some/instance/a%2Fb`,
 * `job@base64/L3Zhcg` (prometheus/pushgateway handler/push.go, misc.go). Each piece is unescaped by itself, so that a slash can
 * be part of a value. Throws a GroupingKeyError.
 */
export function parseGroupingKey(rawPath: string, nameRule: NameRule): LabelPair[] {
  const [jobName = '', ...pieces] = rawPath.split('/');
  const rawJob = pieces.shift() ?? '';
  const job = jobName === `job${BASE64}` ? decodeJob(unescape(rawJob, 'job')) : unescape(rawJob, 'job');
  if (job === '') throw new GroupingKeyError('job name is required');
  // A slash at the end is no piece of its own, unless a value is missing there.
  if (pieces.length === 1 && pieces[0] === '') pieces.pop();
  checkPieces(pieces);
  const labels = new Map<string, string>();
  for (let at = 0; at < pieces.length; at += 2) {
    const [name, value] = readPair(pieces[at] ?? '', pieces[at + 1] ?? '', nameRule);
    labels.set(name, value);
  }
  labels.set('job', job);
  return [...labels].sort(([one], [other]) => (one < other ? -1 : 1));
}

function checkPieces(pieces: readonly string[]): void {
  if (
    pieces.slice(0, -1).some((piece) => piece === '') ||
    pieces.some((piece) => /^(?:\.|%2e){1,2}$/i.test(piece))
  ) {
    throw new GroupingKeyError(EMPTY_SEGMENT);
  }
  if (pieces.length % 2 === 0) return;
  const shown = pieces.map((piece) => unescape(piece, 'the path')).join('/');
  throw new GroupingKeyError(`odd number of components in label string ${goQuote(`/${shown}`)}`);
}

function readPair(rawName: string, rawValue: string, nameRule: NameRule): LabelPair {
  const whole = unescape(rawName, 'the path');
  const isBase64 = whole.endsWith(BASE64);
  const trimmed = isBase64 ? whole.slice(0, -BASE64.length) : whole;
  const name = nameRule === 'utf8' ? unescapeName(trimmed) : trimmed;
  if (!isLabelName(name, nameRule) || name.startsWith('__') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new GroupingKeyError(`improper label name ${goQuote(trimmed)}`);
  }
  if (name === 'gateway') throw new GroupingKeyError('label gateway is kept for the scrape config');
  const text = unescape(rawValue, name);
  const value = isBase64
    ? decodeBase64(text, name, `invalid base64 encoding for label ${trimmed}=${goQuote(text)}`)
    : text;
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
    throw new GroupingKeyError(`label value of ${name} is longer than ${MAX_VALUE_BYTES} bytes`);
  }
  return [name, value];
}

// The sentence of the Pushgateway, which shows an empty name.
function decodeJob(text: string): string {
  return decodeBase64(text, 'job', 'invalid base64 encoding in job name ""');
}

// RFC 4648's URL alphabet; padding does not matter (Go's base64.RawURLEncoding after TrimRight).
function decodeBase64(text: string, label: string, problem: string): string {
  const digits = text.replace(/=+$/, '');
  const wrong = digits.search(/[^\w-]/);
  const at = wrong === -1 && digits.length % 4 === 1 ? digits.length - 1 : wrong;
  if (at !== -1) throw new GroupingKeyError(`${problem}: illegal base64 data at input byte ${at}`);
  return decodeUtf8(Buffer.from(digits, 'base64url'), label);
}

function unescape(piece: string, label: string): string {
  if (!piece.includes('%')) return piece;
  const bytes = piece.replace(/%([0-9a-f]{2})?/gi, (_, code?: string) => {
    if (code === undefined)
      throw new GroupingKeyError('the path has a % that no two hexadecimal digits follow');
    return String.fromCharCode(parseInt(code, 16));
  });
  return decodeUtf8(Buffer.from(bytes, 'latin1'), label);
}

function decodeUtf8(bytes: Buffer, label: string): string {
  if (!isUtf8(bytes)) throw new GroupingKeyError(`label value of ${label} is not valid UTF-8`);
  return bytes.toString('utf8');
}
