import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compress } from 'snappyjs';
import { crc32c } from '../../../src/pushgateway/exposition/crc32c.ts';
import { ExpositionError } from '../../../src/pushgateway/exposition/metric-family.ts';
import { parseProtobuf } from '../../../src/pushgateway/exposition/protobuf.ts';
import { TooLargeError, unpackSnappy } from '../../../src/pushgateway/exposition/snappy.ts';
import { parseText } from '../../../src/pushgateway/exposition/text-parser.ts';

const IDENTIFIER = Buffer.from('\xff\x06\x00\x00sNaPpY', 'latin1');
const LIMIT = 1024 ** 2;

function chunk(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(type);
  head.writeUIntLE(data.length, 1, 3);
  return Buffer.concat([head, data]);
}

function dataChunk(type: 0 | 1, text: string, checksum = maskedChecksum(text)): Buffer {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(checksum);
  const data = Buffer.from(text);
  return chunk(type, Buffer.concat([crc, type === 0 ? Buffer.from(compress(data)) : data]));
}

function maskedChecksum(text: string): number {
  const value = crc32c(Buffer.from(text));
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}

describe('snappy', () => {
  it('has the checksum of RFC 3720', () => {
    expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa');
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
  });

  it('is unpacked from frames, of which some may be passed over, and from a bare block', () => {
    const frames = Buffer.concat([
      IDENTIFIER,
      dataChunk(0, 'a 1\n'),
      chunk(0x80, Buffer.from('x')),
      dataChunk(1, 'b 2\n'),
    ]);
    expect(unpackSnappy(frames, LIMIT).toString()).toBe('a 1\nb 2\n');
    expect(unpackSnappy(Buffer.from(compress(Buffer.from('c 3\n'))), LIMIT).toString()).toBe('c 3\n');
    expect(unpackSnappy(IDENTIFIER, LIMIT).toString()).toBe('');
  });

  it.each([
    ['a wrong checksum', Buffer.concat([IDENTIFIER, dataChunk(0, 'a 1\n', 1)])],
    ['a chunk that may not be passed over', Buffer.concat([IDENTIFIER, chunk(0x02, Buffer.from('x'))])],
    ['a cut chunk', Buffer.concat([IDENTIFIER, dataChunk(0, 'a 1\n').subarray(0, -1)])],
    ['text', Buffer.from('bx66 1\n')],
  ])('is refused with %s', (_, body) => {
    expect(() => unpackSnappy(body, LIMIT)).toThrow('snappy: corrupt input');
  });

  it('is refused before more than allowed is unpacked', () => {
    expect(() => unpackSnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), LIMIT)).toThrow(TooLargeError);
  });
});

interface Message {
  readonly name?: string;
  readonly type?: number;
  readonly metrics?: readonly Buffer[];
}

function family({ name, type, metrics = [] }: Message): Buffer {
  const writer = new BinaryWriter();
  if (name !== undefined) writer.tag(1, WireType.LengthDelimited).string(name);
  if (type !== undefined) writer.tag(3, WireType.Varint).int32(type);
  for (const metric of metrics) writer.tag(4, WireType.LengthDelimited).bytes(metric);
  const message = writer.finish();
  return Buffer.concat([new BinaryWriter().uint32(message.length).finish(), message]);
}

function metric(field: number, value: number, labels: readonly [string, string][] = []): Buffer {
  const writer = new BinaryWriter();
  for (const [name, text] of labels) {
    writer
      .tag(1, WireType.LengthDelimited)
      .bytes(
        new BinaryWriter()
          .tag(1, WireType.LengthDelimited)
          .string(name)
          .tag(2, WireType.LengthDelimited)
          .string(text)
          .finish(),
      );
  }
  writer
    .tag(field, WireType.LengthDelimited)
    .bytes(new BinaryWriter().tag(1, WireType.Bit64).double(value).finish());
  return Buffer.from(writer.finish());
}

describe('protobuf', () => {
  it('is read as client_model describes it; of two families of a name the last counts', () => {
    const { families } = parseProtobuf(
      Buffer.concat([
        family({ name: 'g', type: 1, metrics: [metric(2, 1)] }),
        family({ name: 'g', type: 1, metrics: [metric(2, 2.5, [['a', 'b']])] }),
        family({ name: 'nothing', type: 1 }),
      ]),
    );
    expect([...families.values()]).toEqual([
      {
        name: 'g',
        type: 'gauge',
        help: undefined,
        metrics: [{ labels: [['a', 'b']], value: { kind: 'number', value: 2.5 } }],
      },
    ]);
  });

  it.each([
    ['a family without a name', family({ type: 1, metrics: [metric(2, 1)] }), 'a metric family has no name'],
    ['a field of another type', family({ name: 'c', type: 0, metrics: [metric(2, 1)] }), 'is not a COUNTER'],
    [
      'a cut message',
      family({ name: 'g', type: 1, metrics: [metric(2, 1)] }).subarray(0, -1),
      'unexpected EOF',
    ],
    ['text', Buffer.from('abcdef'), 'unexpected EOF'],
  ])('is refused with %s', (_, body, sentence) => {
    expect(() => parseProtobuf(body)).toThrow(sentence);
  });
});

describe('any bytes', () => {
  const good = Buffer.concat([family({ name: 'g', type: 1, metrics: [metric(2, 1, [['a', 'b']])] })]);
  const mutated = (bytes: Buffer): fc.Arbitrary<Buffer> =>
    fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 })
      .map((changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, byte] of changes) copy[at] = byte;
        return copy;
      });
  const anything = (bytes: Buffer): fc.Arbitrary<Buffer> =>
    fc.oneof(
      mutated(bytes),
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    );

  it.each<[string, Buffer, (body: Buffer) => unknown]>([
    ['protobuf', good, parseProtobuf],
    ['snappy', Buffer.concat([IDENTIFIER, dataChunk(0, 'a 1\n')]), (body) => unpackSnappy(body, LIMIT)],
    [
      'text',
      Buffer.from('# TYPE h histogram\nh_bucket{le="1",a="\\n"} 2\nh_sum 1e3\n'),
      (body) => parseText(body, 'legacy'),
    ],
  ])('as %s are read or refused with a sentence', (_, sample, read) => {
    fc.assert(
      fc.property(anything(sample), (body) => {
        try {
          read(body);
        } catch (error) {
          if (!(error instanceof ExpositionError || error instanceof TooLargeError)) throw error;
          expect(error.message.length).toBeLessThan(5_000);
        }
      }),
      { numRuns: 300 },
    );
  });
});
