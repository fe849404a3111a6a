import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import {
  ExpositionError,
  type LabelPair,
  type Metric,
  type MetricFamily,
  type MetricType,
  type MetricValue,
  type PushedFamilies,
} from './metric-family.ts';

// Field numbers of prometheus/client_model 0.6.2, io/prometheus/client/metrics.proto.
const TYPES: readonly MetricType[] = [
  'counter',
  'gauge',
  'summary',
  'untyped',
  'histogram',
  'gauge_histogram',
];
const NUMBER_FIELDS: Readonly<Record<number, MetricType>> = { 2: 'gauge', 3: 'counter', 5: 'untyped' };
const SUMMARY_FIELD = 4;
const HISTOGRAM_FIELD = 7;

interface ReadMetric {
  readonly labels: LabelPair[];
  /** By the type whose field carries it. */
  readonly values: Map<MetricType, MetricValue>;
  hasTimestamp: boolean;
}

/** Reads length-delimited MetricFamily messages. Of two families of one name the last counts. Throws an ExpositionError. */
export function parseProtobuf(body: Buffer): PushedFamilies {
  const families = new Map<string, MetricFamily>();
  let hasTimestamps = false;
  for (const message of messagesOf(body)) {
    const { family, hasTimestamp } = readWell(() => readFamily(message));
    hasTimestamps ||= hasTimestamp;
    if (family.metrics.length > 0) families.set(family.name, family);
  }
  return { families, hasTimestamps };
}

function* messagesOf(body: Buffer): Generator<Uint8Array> {
  const reader = new BinaryReader(body);
  while (reader.pos < reader.len) {
    const length = orUnexpectedEnd(() => reader.uint32());
    const end = reader.pos + length;
    if (end > reader.len) throw new ExpositionError('unexpected EOF');
    yield body.subarray(reader.pos, end);
    reader.pos = end;
  }
}

function orUnexpectedEnd<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ExpositionError('unexpected EOF', { cause });
  }
}

function readWell<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ExpositionError) throw cause;
    throw new ExpositionError('proto: cannot parse invalid wire-format data', { cause });
  }
}

/** Calls the reader of each field that is known, and passes over the others. */
type Fields = Readonly<Record<number, readonly [wireType: WireType, read: (reader: BinaryReader) => void]>>;

function readFields(message: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const known = fields[field];
    if (known?.[0] === wireType) known[1](reader);
    else reader.skip(wireType, field);
  }
}

function readFamily(message: Uint8Array): { family: MetricFamily; hasTimestamp: boolean } {
  let name = '';
  let help: string | undefined;
  let typeNumber = 0;
  const read: ReadMetric[] = [];
  readFields(message, {
    1: [WireType.LengthDelimited, (reader) => (name = text(reader))],
    2: [WireType.LengthDelimited, (reader) => (help = Buffer.from(reader.bytes()).toString('utf8'))],
    3: [WireType.Varint, (reader) => (typeNumber = reader.int32())],
    4: [WireType.LengthDelimited, (reader) => read.push(readMetric(reader.bytes()))],
  });
  if (name === '') throw new ExpositionError('a metric family has no name');
  const type = TYPES[typeNumber];
  if (type === undefined) throw new ExpositionError(`unknown metric type ${typeNumber} of "${name}"`);
  const metrics = read.map(({ labels, values }): Metric => ({ labels, value: valueOf(name, type, values) }));
  return { family: { name, type, help, metrics }, hasTimestamp: read.some((metric) => metric.hasTimestamp) };
}

function readMetric(message: Uint8Array): ReadMetric {
  const metric: ReadMetric = { labels: [], values: new Map(), hasTimestamp: false };
  const numbers = Object.entries(NUMBER_FIELDS).map(([field, type]): [string, Fields[number]] => [
    field,
    [WireType.LengthDelimited, (reader) => metric.values.set(type, readNumber(reader.bytes()))],
  ]);
  readFields(message, {
    1: [WireType.LengthDelimited, (reader) => metric.labels.push(readLabel(reader.bytes()))],
    ...Object.fromEntries(numbers),
    [SUMMARY_FIELD]: [
      WireType.LengthDelimited,
      (reader) => metric.values.set('summary', readSummary(reader.bytes())),
    ],
    6: [
      WireType.Varint,
      (reader) => {
        reader.int64();
        metric.hasTimestamp = true;
      },
    ],
    [HISTOGRAM_FIELD]: [
      WireType.LengthDelimited,
      (reader) => metric.values.set('histogram', readHistogram(reader.bytes())),
    ],
  });
  return metric;
}

function readLabel(message: Uint8Array): LabelPair {
  let name = '';
  let value = '';
  readFields(message, {
    1: [WireType.LengthDelimited, (reader) => (name = text(reader))],
    2: [WireType.LengthDelimited, (reader) => (value = text(reader))],
  });
  return [name, value];
}

function readNumber(message: Uint8Array): MetricValue {
  let value = 0;
  readFields(message, { 1: [WireType.Bit64, (reader) => (value = reader.double())] });
  return { kind: 'number', value };
}

function readSummary(message: Uint8Array): MetricValue {
  let count = 0;
  let sum = 0;
  const quantiles: [number, number][] = [];
  readFields(message, {
    1: [WireType.Varint, (reader) => (count = Number(reader.uint64()))],
    2: [WireType.Bit64, (reader) => (sum = reader.double())],
    3: [
      WireType.LengthDelimited,
      (reader) => {
        let [quantile, value] = [0, 0];
        readFields(reader.bytes(), {
          1: [WireType.Bit64, (inner) => (quantile = inner.double())],
          2: [WireType.Bit64, (inner) => (value = inner.double())],
        });
        quantiles.push([quantile, value]);
      },
    ],
  });
  return { kind: 'summary', count, sum, quantiles };
}

// Native buckets have no form in text: they are left out, as the Pushgateway leaves them out there.
function readHistogram(message: Uint8Array): MetricValue {
  let count = 0;
  let sum = 0;
  const buckets: [number, number][] = [];
  readFields(message, {
    1: [WireType.Varint, (reader) => (count = Number(reader.uint64()))],
    4: [WireType.Bit64, (reader) => (count = reader.double() || count)],
    2: [WireType.Bit64, (reader) => (sum = reader.double())],
    3: [WireType.LengthDelimited, (reader) => buckets.push(readBucket(reader.bytes()))],
  });
  return { kind: 'histogram', count, sum, buckets };
}

function readBucket(message: Uint8Array): [upperBound: number, count: number] {
  let [upperBound, count] = [0, 0];
  readFields(message, {
    1: [WireType.Varint, (reader) => (count = Number(reader.uint64()))],
    2: [WireType.Bit64, (reader) => (upperBound = reader.double())],
    4: [WireType.Bit64, (reader) => (count = reader.double() || count)],
  });
  return [upperBound, count];
}

function valueOf(name: string, type: MetricType, values: ReadonlyMap<MetricType, MetricValue>): MetricValue {
  const value = values.get(type === 'gauge_histogram' ? 'histogram' : type);
  if (value !== undefined) return value;
  throw new ExpositionError(`collected metric "${name}" is not a ${type.toUpperCase()}`);
}

function text(reader: BinaryReader): string {
  const bytes = Buffer.from(reader.bytes());
  const decoded = bytes.toString('utf8');
  // Replaced bytes would be another name: two could become one.
  if (!bytes.equals(Buffer.from(decoded)))
    throw new ExpositionError('a name or label value is not valid UTF-8');
  return decoded;
}
