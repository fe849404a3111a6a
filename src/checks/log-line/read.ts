import { isUtf8 } from 'node:buffer';
import type { Decoder } from '../../platform/text/charset.ts';
import { boundAttributes, shortText } from '../bounded-attributes.ts';
import type { CheckResult, JsonRecord, SubduedRun } from '../result.ts';
import { wholeOutput } from '../output.ts';
import { isObject } from '../../platform/json/is-object.ts';

/** Why a line gave no result: it is no JSON, or JSON that tells something else. */
export type LineRefusal = 'ignored' | 'invalid_json';

// What Sensu allows in a check's name (sensu-settings validators/check.rb), of a length that a file name may have too.
const CHECK_NAME = /^[\w.-]{1,255}$/;

// With `"check":{…}`, the definition. Not with `previous check command execution in progress`, which may hang.
const SUBDUED = 'check execution was subdued';

/**
 * Reads one line of sensu-client's log: `{"message":"publishing check result","payload":{"client":…,"check":{…}}}`.
 * sensu-client copies output bytes as they are, so a line need not be valid UTF-8; the output keeps its bytes.
 */
export function parseResultLine(line: Buffer, decode: Decoder): CheckResult | SubduedRun | LineRefusal {
  const valid = isUtf8(line);
  const parsed = parseJson(valid ? line.toString('utf8') : escapedToRaw(line.toString('latin1')));
  if (parsed === undefined) return 'invalid_json';
  if (!isObject(parsed)) return 'ignored';
  if (parsed['message'] === SUBDUED) return parseSubdued(parsed);
  if (parsed['message'] !== 'publishing check result') return 'ignored';
  if (!isObject(parsed['payload'])) return 'ignored';
  const { client, check } = parsed['payload'];
  if (!isObject(check)) return 'ignored';
  const { name, status, executed, output } = check;
  if (typeof name !== 'string' || !CHECK_NAME.test(name)) return 'ignored';
  if (!isInteger(status) || !isInteger(executed)) return 'ignored';
  // No run starts after its line was written; programs that push milliseconds would be fresh for ever.
  const started = Math.min(executed, timeOf(parsed['timestamp']) ?? Infinity);

  const encoding = valid ? 'utf8' : 'latin1';
  const readable = valid
    ? (text: string) => text
    : (text: string) => decode(Buffer.from(text, 'latin1')).text;
  const kept = boundAttributes({ ...check, executed: started, output: '' }, readable);
  return {
    client: typeof client === 'string' ? readable(client) : '',
    name,
    source: sourceOf(typeof check['source'] === 'string' ? readable(check['source']) : undefined),
    status,
    executed: started,
    output: wholeOutput(Buffer.from(typeof output === 'string' ? output : '', encoding)),
    attributes: kept.attributes,
    attributeBytes: kept.bytes,
    leftOut: kept.leftOut,
  };
}

function parseSubdued({ timestamp, check }: JsonRecord): SubduedRun | LineRefusal {
  const at = timeOf(timestamp);
  if (!isObject(check) || at === undefined) return 'ignored';
  const { name, source } = check;
  if (typeof name !== 'string' || !CHECK_NAME.test(name)) return 'ignored';
  return { name, source: sourceOf(source), subdued: at };
}

function sourceOf(source: unknown): string | undefined {
  return typeof source === 'string' && source !== '' ? shortText(source) : undefined;
}

// When a line was written, in whole seconds since the epoch: `2026-11-22T06:31:18.875229+0900`.
function timeOf(timestamp: unknown): number | undefined {
  const milliseconds = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

// In a line read as Latin-1 each character is one byte, until JSON.parse resolves an escape: so those become UTF-8 bytes first.
function escapedToRaw(text: string): string {
  return text.replace(/\\\\|(?:\\u(?!00[0-7])[\da-f]{4})+/gi, (found) =>
    found === '\\\\' ? found : Buffer.from(String(JSON.parse(`"${found}"`))).toString('latin1'),
  );
}

// syslog, journald and container runtimes write time and program before each line.
const PREFIXED = /^[^{]{1,200}(?=\{"timestamp":)/;

function parseJson(line: string): unknown {
  const text = line.startsWith('{') ? line : line.replace(PREFIXED, '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
