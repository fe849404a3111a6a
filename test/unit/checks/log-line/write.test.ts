import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { requestOf, runCheck } from '../../../../src/runner/run-check.ts';
import { formatLogLine } from '../../../../src/checks/log-line/write.ts';
import { takeResults } from '../../../../src/checks/pushed-result.ts';
import { decodeText, encodeText } from '../../../../src/sensu/bytes-as-text.ts';
import {
  isNumber,
  isObject,
  parseJson,
  writeJson,
  type JsonObject,
  type JsonValue,
} from '../../../../src/sensu/json.ts';

// Written by the real sensu-client, in Tokyo.
const fixture = readFileSync(new URL('../../../fixtures/sensu-client.sample.log', import.meta.url));
const TOKYO = 9 * 60;

const lines = splitLines(fixture).map((bytes) => {
  const line = objectIn(bytes);
  const payload = line.get('payload');
  const check = isObject(payload) ? payload.get('check') : line.get('check');
  if (!isObject(check)) throw new Error('a line without a check');
  return { bytes, line, payload, check, name: text(check.get('name')) };
});

function splitLines(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start) + 1;
    found.push(bytes.subarray(start, end));
    start = end;
  }
  return found;
}

function objectIn(bytes: Buffer): JsonObject {
  const parsed = parseJson(decodeText(bytes));
  if (!parsed.ok || !isObject(parsed.value)) throw new Error('not an object');
  return parsed.value;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function number(value: JsonValue | undefined): number {
  return isNumber(value) ? value.value : NaN;
}

function written(original: JsonObject, check: JsonObject): Buffer {
  const timestamp = text(original.get('timestamp'));
  const payload = new Map<string, JsonValue>([
    ['client', 'web-001.example.co.jp'],
    ['check', check],
  ]);
  return formatLogLine({
    at: Date.parse(timestamp.slice(0, 23) + '+09:00') + Number(timestamp.slice(23, 26)) / 1000,
    level: 'info',
    message: 'publishing check result',
    fields: new Map([['payload', payload]]),
    utcOffset: TOKYO,
  });
}

// What the configuration said: the keys before those that a run adds.
function definitionIn(check: JsonObject): JsonObject {
  return new Map([...check].slice(0, [...check.keys()].indexOf('name')));
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe("a line of sensu-client's log", () => {
  const published = lines.filter(({ payload }) => isObject(payload));
  const runs = published.filter(({ check }) => check.has('command'));
  const pushed = published.filter(({ check }) => !check.has('command'));

  it.each(runs)(
    'has the same bytes for the definition and the outcome of $name',
    async ({ bytes, line, check, name }) => {
      jest.setSystemTime(number(check.get('issued')) * 1000);
      const definition = {
        name,
        resultName: name,
        attributes: definitionIn(check),
        timing: { kind: 'none' },
        subdue: undefined,
      } as const;

      const result = await runCheck(requestOf(definition, Date.now()), {
        client: new Map(),
        hooks: undefined,
        execute: (command) => {
          expect(command).toBe(check.get('command'));
          jest.advanceTimersByTime(number(check.get('duration')) * 1000);
          return Promise.resolve({ output: text(check.get('output')), status: number(check.get('status')) });
        },
      });

      expect(result && written(line, result).equals(bytes)).toBe(true);
    },
  );

  it.each(pushed)('has the same bytes for what a program pushed as $name', ({ bytes, line, check }) => {
    jest.setSystemTime(number(check.get('issued')) * 1000);
    const sent = new Map([...check].filter(([key]) => key !== 'issued' && key !== 'executed'));
    const taken: JsonObject[] = [];

    takeResults(encodeText(writeJson(sent)), (result) => taken.push(result) > 0);

    expect(taken.map((result) => written(line, result).equals(bytes))).toEqual([true]);
  });

  it('is the same for everything the fixture holds', () => {
    expect(lines).toHaveLength(17);
    expect(runs.length + pushed.length).toBe(16);
    for (const { bytes, line } of lines) expect(encodeText(`${writeJson(line)}\n`).equals(bytes)).toBe(true);
  });

  it.each([
    [0, '1970-01-01T00:00:00.000000+0000'],
    [-570, '1969-12-31T14:30:00.000000-0930'],
    [330, '1970-01-01T05:30:00.000000+0530'],
  ])('has the local time at %d minutes from UTC', (utcOffset, timestamp) => {
    const line = formatLogLine({ at: 0, level: 'warn', message: 'm', fields: new Map(), utcOffset });

    expect(line.toString()).toBe(`{"timestamp":"${timestamp}","level":"warn","message":"m"}\n`);
  });
});
