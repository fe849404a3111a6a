import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDecoder } from '../../../../src/platform/text/charset.ts';
import { isTimedOut, type CheckResult } from '../../../../src/checks/result.ts';
import { parseResultLine } from '../../../../src/checks/log-line/read.ts';
import { resultLine } from '../../../support/result-line.ts';

const decode = createDecoder(['utf-8', 'euc-jp']);
const parse = (line: string | Buffer): ReturnType<typeof parseResultLine> =>
  parseResultLine(Buffer.from(line), decode);

function parsed(line: string | Buffer): CheckResult {
  const result = parse(line);
  if (typeof result === 'string') throw new Error(`the line was refused as ${result}`);
  if ('subdued' in result) throw new Error('the line is about a run that was left out');
  return result;
}

const IN_PROGRESS = 'previous check command execution in progress';

function leftOut(check: object, message = 'check execution was subdued'): string {
  return JSON.stringify({ timestamp: '2026-11-22T06:31:18.875229+0900', level: 'info', message, check });
}

describe('parseResultLine', () => {
  const envelope = (fields: object): string =>
    JSON.stringify({ message: 'publishing check result', ...fields });

  it.each([
    'Jul 20 19:37:37 n1 sensu-client[32374]: ',
    '2026-11-30T21:00:00+09:00 n1 sensu-client: ',
    '2026-11-30T21:00:00.000000000Z stdout F ',
    '<30>1 2026-11-30T21:00:00Z n1 sensu-client 32374 - - ',
    '\ufeff',
  ])('reads a result behind what another program writes before it: %j', (prefix) => {
    expect(parse(`${prefix}${resultLine()}`)).toEqual(parsed(resultLine()));
  });

  it('reads no result out of the middle of a text', () => {
    expect(parse(`${'x'.repeat(300)}${resultLine()}`)).toBe('invalid_json');
    expect(parse(`{"a": ${resultLine()}`)).toBe('invalid_json');
  });

  it('reads every line of a log that syslog wrote', () => {
    const lines = readFileSync('test/fixtures/sensu/cases/log-with-prefix.log', 'utf8').trim().split('\n');

    expect(lines.map((line) => parsed(line).name)).toEqual(['c1', 'c1', 'c1', 'c1', 'c1']);
  });

  it.each([
    ['a Ruby warning', 'warning: already initialized constant', 'invalid_json'],
    ['half a line', resultLine().slice(0, 50), 'invalid_json'],
    ['an empty line', '', 'invalid_json'],
    ['JSON that is no object', '[1]', 'ignored'],
    ['null', 'null', 'ignored'],
    ['another message', JSON.stringify({ message: 'received check request', check: {} }), 'ignored'],
    [
      'a result that could not be published, which is logged with the same payload',
      resultLine().replace('publishing', 'failed to publish'),
      'ignored',
    ],
    ['a run left out because the one before goes on', leftOut({ name: 'a' }, IN_PROGRESS), 'ignored'],
    ['a subdued check without a name', leftOut({}), 'ignored'],
    ['a subdued check at no time', leftOut({ name: 'a' }).replace('2026-', 'long ago'), 'ignored'],
    ['no payload', envelope({}), 'ignored'],
    ['a payload without check', envelope({ payload: { client: 'a' } }), 'ignored'],
    ['a check that is a list', envelope({ payload: { check: [] } }), 'ignored'],
    ['a name with a slash', resultLine({ name: '../etc' }), 'ignored'],
    ['a name with a newline', resultLine({ name: 'a\n' }), 'ignored'],
    ['no name', resultLine({ name: undefined }), 'ignored'],
    ['a status that is a string', resultLine({ status: '0' }), 'ignored'],
    ['a status with a fraction', resultLine({ status: 1.5 }), 'ignored'],
    ['no time of execution', resultLine({ executed: undefined }), 'ignored'],
    ['an endless time of execution', resultLine().replace('"executed":1000', '"executed":1e300'), 'ignored'],
  ])('refuses %s', (_, line, refusal) => {
    expect(parse(line)).toBe(refusal);
  });

  it('takes a run that was left out because the check is subdued', () => {
    const subdued = Date.UTC(2026, 10, 21, 21, 31, 18) / 1000;

    expect(parse(leftOut({ command: 'true', name: 'a' }))).toEqual({ name: 'a', source: undefined, subdued });
    expect(parse(leftOut({ source: 'sw-1', name: 'a' }))).toEqual({ name: 'a', source: 'sw-1', subdued });
  });

  it('takes the time of the line for that of a run that is later, such as one in milliseconds', () => {
    const written = Date.UTC(2026, 10, 21, 21, 31, 18) / 1000;
    const result = parsed(resultLine({ executed: 1_795_296_678_000 }));

    expect(result.executed).toBe(written);
    expect(result.attributes['executed']).toBe(written);
    expect(parsed(resultLine({ executed: written - 1 })).executed).toBe(written - 1);
    expect(parsed(resultLine({ executed: 5e9 }).replace('"timestamp"', '"at"')).executed).toBe(5e9);
  });

  it('keeps the keys of the definition, in their order', () => {
    const { attributes } = parsed(resultLine({ playbook: 'https://x/', custom: { a: [1, null, true] } }));

    expect(attributes).toMatchObject({
      interval: 60,
      playbook: 'https://x/',
      custom: { a: [1, null, true] },
    });
    expect(Object.keys(attributes).slice(0, 4)).toEqual(['command', 'standalone', 'interval', 'name']);
  });

  it('takes a result pushed to the socket, without duration or command', () => {
    const result = parsed(
      envelope({
        payload: { client: 'n', check: { name: 'backup_db', output: 'done', status: 0, executed: 5 } },
      }),
    );

    expect(result).toMatchObject({
      client: 'n',
      name: 'backup_db',
      status: 0,
      executed: 5,
      source: undefined,
    });
  });

  it.each([
    ['the proxy client', 'sw-1', 'sw-1'],
    ['nobody if it is empty', '', undefined],
    ['nobody if it is no string', 5, undefined],
  ])('books a result with a source to %s', (_, source, expected) => {
    expect(parsed(resultLine({ source })).source).toBe(expected);
  });

  it('keeps output bytes that are no UTF-8, and reads the other strings of such a line by charset', () => {
    const eucJp = Buffer.from([0xa5, 0xc7, 0xa5, 0xa3]);
    const [before = '', after = ''] = resultLine({ output: 'X\\n\\u0000', notification: 'N' }).split('X');
    const [middle = '', end = ''] = after.split('"N"');
    const line = Buffer.concat([
      Buffer.from(before),
      eucJp,
      Buffer.from(`${middle}"`),
      eucJp,
      Buffer.from(`"${end}`),
    ]);

    const result = parsed(line);

    expect(result.output.head).toEqual(Buffer.concat([eucJp, Buffer.from('\\n\\u0000')]));
    expect(result.attributes['notification']).toBe('ディ');
  });

  it('tells escaped characters from raw bytes in one line', () => {
    const line = Buffer.from(resultLine({ output: 'X' }));
    const at = line.indexOf('"X"');
    const mixed = Buffer.concat([
      line.subarray(0, at + 1),
      Buffer.from([0xff]),
      Buffer.from('\\u00e9\\ud83d\\ude00\\\\u00e9\\u0007'),
      line.subarray(at + 2),
    ]);

    const { output } = parsed(mixed);

    expect(output.head).toEqual(Buffer.concat([Buffer.from([0xff]), Buffer.from('é😀\\u00e9\u0007')]));
  });

  it('gives back any output bytes that were copied into a JSON string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        // As Oj writes: escapes below 0x20, quote and backslash; bytes from 0x80 on as they are.
        const escaped = JSON.stringify(Buffer.from(bytes).toString('latin1')).slice(1, -1);
        const [before = '', after = ''] = resultLine({ output: 'X' }).split('"X"');
        const line = Buffer.concat([
          Buffer.from(`${before}"`),
          Buffer.from(escaped, 'latin1'),
          Buffer.from(`"${after}`),
        ]);

        expect(parsed(line).output.head).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('bounds keys that would fill the memory or the stack', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const line = resultLine({ hooks: { output: 'y'.repeat(100_000) }, deep: 'D' }).replace('"D"', deep);

    const { attributes, attributeBytes } = parsed(line);

    expect(JSON.stringify(attributes).length).toBeLessThan(20_000);
    expect(attributeBytes).toBeLessThan(20_000);
  });

  it('leaves out the largest of many keys, and says how many', () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`key${n}`, 'z'.repeat(16_000)]));

    const { attributes, attributeBytes, leftOut } = parsed(resultLine({ ...many, source: 'sw-1', ttl: 90 }));

    expect(attributeBytes).toBeLessThan(64 * 1024);
    expect(attributeBytes).toBe(JSON.stringify(attributes).length);
    expect(leftOut).toBe(116);
    expect(attributes).toMatchObject({ name: 'check_disk', interval: 60, source: 'sw-1', ttl: 90 });
  });

  it('does not let a line change what objects inherit', () => {
    const { attributes } = parsed(resultLine().replace('"standalone":true', '"__proto__":{"polluted":1}'));

    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.hasOwn(attributes, '__proto__')).toBe(true);
  });

  it.each([
    ['was killed at its timeout', { status: 2, output: 'Execution timed out' }, true],
    [
      'could not even be killed',
      { status: 2, output: 'Execution timed out - Unable to TERM/KILL the process' },
      true,
    ],
    ['only says so', { status: 1, output: 'Execution timed out' }, false],
    ['is critical', { status: 2, output: 'Execution' }, false],
  ])('knows whether a check that %s timed out', (_, check, expected) => {
    expect(isTimedOut(parsed(resultLine(check)))).toBe(expected);
  });
});

describe("a real sensu-client's log", () => {
  const lines = readFileSync(new URL('../../../fixtures/sensu-client.sample.log', import.meta.url), 'latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => parse(Buffer.from(line, 'latin1')));
  const results = lines.filter((line) => typeof line !== 'string' && 'output' in line);

  it('is read completely: every line is a result but the one that tells of a request', () => {
    expect(lines).toHaveLength(17);
    expect(lines.filter((line) => typeof line === 'string')).toEqual(['ignored']);
  });

  it('gives the output as EUC-JP where it is', () => {
    const { output } = results.find(({ name }) => name === 'check_eucjp')!;

    expect(decode(output.head)).toEqual({ text: 'CRITICAL: ディスク障害 sda\n', encoding: 'euc-jp' });
  });

  it('gives the longest output whole', () => {
    expect(results.find(({ name }) => name === 'check_long')!.output.bytes).toBe(159_773);
  });
});
