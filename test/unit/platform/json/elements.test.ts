import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createElementReader } from '../../../../src/platform/json/elements.ts';

interface Read {
  readonly elements: readonly string[];
  readonly envelope: string | undefined;
  readonly oversized: number;
}

function read(text: string, path: readonly string[], sizes: readonly number[], max = 1_000_000): Read {
  const elements: string[] = [];
  let oversized = 0;
  const reader = createElementReader({
    path,
    maxElementBytes: max,
    onElement: (element) => elements.push(element) > 0,
    onOversized: () => (oversized += 1),
  });
  const bytes = Buffer.from(text);
  let start = 0;
  for (let index = 0; start < bytes.length; index += 1) {
    const end = start + (sizes[index % sizes.length] ?? 1);
    reader.take(bytes.subarray(start, end));
    start = end;
  }
  return { elements, envelope: reader.end(), oversized };
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe('reading elements', () => {
  it('gives what JSON.parse gives, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), sizes, (values, indent, cuts) => {
        const { elements, envelope } = read(JSON.stringify(values, null, indent), [], cuts);
        expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
        expect(JSON.parse(envelope ?? '')).toEqual([]);
      }),
    );
  });

  it('finds the array at its path, and keeps what surrounds it', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), sizes, (values, other, cuts) => {
        const document = {
          status: 'success',
          other,
          data: { resultType: 'vector', result: values },
          warnings: ['w'],
        };
        const { elements, envelope } = read(JSON.stringify(document), ['data', 'result'], cuts);
        expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
        expect(JSON.parse(envelope ?? '')).toEqual(
          JSON.parse(JSON.stringify({ ...document, data: { resultType: 'vector', result: [] } })),
        );
      }),
    );
  });

  it('tells that a document broke off', () => {
    expect(read('[{"a":1},{"b":', [], [3])).toEqual({
      elements: ['{"a":1}'],
      envelope: undefined,
      oversized: 0,
    });
  });

  it('tells that there is no such array', () => {
    expect(read('{"status":"error","error":"x"}', ['data', 'result'], [5]).envelope).toBeUndefined();
  });

  it('leaves out an element that is too long, wherever it is cut', () => {
    for (const size of [1, 7, 1000]) {
      const text = JSON.stringify([1, 'x'.repeat(100), 2]);
      expect(read(text, [], [size], 50)).toEqual({ elements: ['1', '2'], envelope: '[]', oversized: 1 });
    }
  });
});
