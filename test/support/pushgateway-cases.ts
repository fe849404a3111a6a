import { readFileSync } from 'node:fs';
import { gzipSync, deflateSync } from 'node:zlib';

/** A request, and what a real Pushgateway 1.11.3 answered to it. */
export interface PushgatewayCase {
  readonly name: string;
  readonly method: string;
  /** Raw, as it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly status: number;
  /** undefined: it was recorded in part, or is about the recorded program. */
  readonly answer: string | undefined;
  /** What `/api/v1/metrics` showed of the group afterwards, by family. */
  readonly stored: Readonly<Record<string, unknown>> | undefined;
}

const FILE = new URL('../fixtures/pushgateway/answers-1.11.3.txt', import.meta.url);
const PROTOBUF =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

const HEADERS: Readonly<Record<string, Record<string, string>>> = {
  'openmetrics content type': { 'Content-Type': 'application/openmetrics-text; version=1.0.0' },
  'form content type': { 'Content-Type': 'application/x-www-form-urlencoded' },
  'json content type': { 'Content-Type': 'application/json' },
  'text/plain version': { 'Content-Type': 'text/plain; version=0.0.4' },
  gzip: { 'Content-Encoding': 'gzip' },
  'GZIP upper': { 'Content-Encoding': 'GZIP' },
  'gzip invalid': { 'Content-Encoding': 'gzip' },
  'gzip truncated': { 'Content-Encoding': 'gzip' },
  'gzip empty': { 'Content-Encoding': 'gzip' },
  'gzip two members': { 'Content-Encoding': 'gzip' },
  'snappy invalid': { 'Content-Encoding': 'snappy' },
  'deflate ignored': { 'Content-Encoding': 'deflate' },
  identity: { 'Content-Encoding': 'identity' },
  'gzip, gzip': { 'Content-Encoding': 'gzip, gzip' },
  br: { 'Content-Encoding': 'br' },
  'pb empty': { 'Content-Type': PROTOBUF },
  'pb garbage': { 'Content-Type': PROTOBUF },
  'pb truncated': { 'Content-Type': PROTOBUF },
  'pb text encoding': {
    'Content-Type': 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text',
  },
  'pb no encoding param': {
    'Content-Type': 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily',
  },
};

// The recording tells only how long these are.
const BODIES: Readonly<Record<string, Buffer>> = {
  'invalid utf8 label': Buffer.from('bx27{a="\xff"} 1\n', 'latin1'),
  'invalid utf8 help': Buffer.from('# HELP bx28 \xff\nbx28 1\n', 'latin1'),
  'long line': Buffer.from(`bx51{a="${'x'.repeat(1024 ** 2)}"} 1\n`),
  gzip: gzipSync('bx60 1\n'),
  'GZIP upper': gzipSync('bx61 1\n'),
  'gzip truncated': gzipSync('bx63 1\n').subarray(0, -1),
  'gzip two members': Buffer.concat([gzipSync('bx64 1\n'), gzipSync('bx65 1\n')]),
  'deflate ignored': deflateSync('bx67 1\n'),
  'gzip, gzip': gzipSync(gzipSync('bx69 1\n')),
  'pb truncated': Buffer.from([100, 1]),
  'pb no encoding param': Buffer.from([0]),
};

/** The recorded cases, in their order: some depend on what was pushed before. */
export function readPushgatewayCases(): PushgatewayCase[] {
  const cases: PushgatewayCase[] = [];
  let bodies = 0;
  for (const line of readFileSync(FILE, 'utf8').split('\n')) {
    const stored = /^ {5}stored (.*)$/.exec(line)?.[1];
    if (stored !== undefined) {
      const last = cases.pop();
      if (last !== undefined) cases.push({ ...last, stored: JSON.parse(stored) as Record<string, unknown> });
      continue;
    }
    const [, name = '', request = '', status, answer = ''] =
      /^(.+?) \| (.+)\t=> (\d+)\t(".*)\t/.exec(line) ?? [];
    if (status === undefined) continue;
    const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(request) ?? [];
    bodies += method === undefined ? 1 : 0;
    cases.push({
      name,
      method: method ?? 'POST',
      path: path ?? `/metrics/job/b${bodies}`,
      headers: HEADERS[name] ?? {},
      body: method === undefined ? bodyOf(name, request) : bodyForPath(method),
      status: Number(status),
      answer: name === 'status' ? undefined : parseText(answer),
      stored: undefined,
    });
  }
  return cases;
}

/**
 * A sentence without what depends on the program: how it writes a metric, and which of two that differ it names first.
 */
export function withoutDetails(sentence: string): string {
  return sentence
    .replace(/\{.*\}/s, '{}')
    .replace(/is not a [A-Z]+/, 'is not a TYPE')
    .replace(/collected .* collides with .*/, 'a collision');
}

function bodyOf(name: string, request: string): Buffer {
  const body = BODIES[name];
  if (body !== undefined) return body;
  if (/^"<\d+ bytes>"$/.test(request)) throw new Error(`the case "${name}" needs its body`);
  return Buffer.from(parseText(request) ?? '');
}

function bodyForPath(method: string): Buffer {
  return Buffer.from(method === 'POST' || method === 'PUT' ? 'm 1\n' : '');
}

function parseText(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}
