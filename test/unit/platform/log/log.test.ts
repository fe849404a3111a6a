import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger, describeError } from '../../../../src/platform/log/log.ts';

function lineOf(format: 'logfmt' | 'json', fields: Record<string, unknown>, message: string): string {
  const stream = new PassThrough();
  createLogger({ level: 'info', format, stream }).info(fields, message);
  return String(stream.read());
}

describe('createLogger', () => {
  it('writes logfmt with the fields of Prometheus first', () => {
    const line = lineOf('logfmt', { source: 'node-agent', duration_seconds: 0.25 }, 'fetch failed');

    expect(line).toMatch(
      /^time=\S+T\S+Z level=INFO msg="fetch failed" source=node-agent duration_seconds=0\.25\n$/,
    );
  });

  it.each([
    ['a line break', 'a\nlevel=ERROR', '"a\\nlevel=ERROR"'],
    ['an escape sequence', '\u001b[31m', '"\\u001b[31m"'],
    ['an eight-bit escape sequence', '\u009b31m', '"\\u009b31m"'],
    ['a line break that is none in JSON', 'a\u2028b', '"a\\u2028b"'],
    ['a change of direction', '\u202eROR', '"\\u202eROR"'],
    ['a quote', 'say "x"', '"say \\"x\\""'],
    ['nothing', '', '""'],
  ])('quotes a value that holds %s, so that it cannot forge a line', (_, value, written) => {
    const line = lineOf('logfmt', { value }, 'm');

    expect(line).toContain(`value=${written}\n`);
    expect(line.split('\n')).toHaveLength(2);
  });

  it('escapes in JSON, too, what terminals act upon', () => {
    const line = lineOf('json', { value: 'a\u009b31m\u2028\u202e' }, 'm');

    expect(line).toContain('"a\\u009b31m\\u2028\\u202e"');
  });

  it('writes the same fields as JSON', () => {
    expect(JSON.parse(lineOf('json', { source: 's' }, 'hello'))).toMatchObject({
      level: 'INFO',
      msg: 'hello',
      source: 's',
    });
  });
});

describe('describeError', () => {
  it('names the causes in one line', () => {
    expect(describeError(new Error('cannot load', { cause: new Error('no such file') }))).toBe(
      'cannot load: no such file',
    );
  });
});
