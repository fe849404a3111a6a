import { addSample, FamilyBuilder, isDistribution, type OpenFamily } from './family-builder.ts';
import { decodeLatin1, LineCursor } from './line-cursor.ts';
import type { LabelPair, MetricType, PushedFamilies } from './metric-family.ts';
import { isLabelName, isMetricName, type NameRule } from './names.ts';
import { parseFloat64 } from './numbers.ts';

const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const TOKEN = /[^ \t\n]*/y;
const REST_OF_LINE = /[^\n]*/y;

const TYPES: Readonly<Record<string, MetricType>> = {
  COUNTER: 'counter',
  GAUGE: 'gauge',
  SUMMARY: 'summary',
  UNTYPED: 'untyped',
  HISTOGRAM: 'histogram',
  GAUGE_HISTOGRAM: 'gauge_histogram',
  GAUGEHISTOGRAM: 'gauge_histogram',
};

/**
 * Reads Prometheus' text format 0.0.4 as strictly as the Pushgateway does, with its sentences
 * (prometheus/common expfmt/text_parse.go). Throws an ExpositionError.
 */
export function parseText(body: Buffer, nameRule: NameRule): PushedFamilies {
  const parser = new TextParser(new LineCursor(body.toString('latin1')), nameRule);
  parser.read();
  return { families: parser.builder.build(), hasTimestamps: parser.hasTimestamps };
}

class TextParser {
  readonly builder = new FamilyBuilder();
  hasTimestamps = false;
  readonly #cursor: LineCursor;
  readonly #nameRule: NameRule;

  constructor(cursor: LineCursor, nameRule: NameRule) {
    this.#cursor = cursor;
    this.#nameRule = nameRule;
  }

  read(): void {
    while (this.#cursor.startLine()) {
      if (this.#cursor.takeByte('\n')) continue;
      if (this.#cursor.takeByte('#')) this.#comment();
      else this.#sample();
    }
  }

  #comment(): void {
    this.#cursor.skipBlanks();
    const keyword = this.#cursor.take(TOKEN);
    if (keyword === 'HELP' || keyword === 'TYPE') this.#metadata(keyword);
    else this.#cursor.take(REST_OF_LINE);
    if (!this.#cursor.takeByte('\n')) this.#cursor.fail('unexpected end of input stream');
  }

  // A line that ends before there is something to say is a comment like any other.
  #metadata(keyword: 'HELP' | 'TYPE'): void {
    this.#cursor.skipBlanks();
    if (this.#cursor.current === '\n') return;
    const name = this.#name();
    if (this.#cursor.current === '\n') return;
    if (!/[ \t]/.test(this.#cursor.current)) this.#cursor.fail('invalid metric name in comment');
    const { family } = this.builder.find(this.#checkedName(name));
    this.#cursor.skipBlanks();
    if (this.#cursor.current === '\n') return;
    if (keyword === 'HELP') this.#help(family);
    else this.#type(family);
  }

  #help(family: OpenFamily): void {
    if (family.help !== undefined) {
      this.#cursor.fail((quote) => `second HELP line for metric name ${quote(family.name)}`);
    }
    const escaped = this.#cursor.take(REST_OF_LINE);
    const text = escaped.replace(/\\([^])?/g, (_, character?: string) => {
      if (character === 'n') return '\n';
      if (character === '\\' || character === '"') return character;
      return this.#cursor.fail(`invalid escape sequence '\\${character ?? '\n'}'`);
    });
    // Bytes that are not UTF-8 are shown as U+FFFD.
    family.help = Buffer.from(text, 'latin1').toString('utf8');
  }

  #type(family: OpenFamily): void {
    if (family.type !== undefined) {
      const { name } = family;
      this.#cursor.fail(
        (quote) => `second TYPE line for metric name ${quote(name)}, or TYPE reported after samples`,
      );
    }
    const word = this.#cursor.take(REST_OF_LINE).replaceAll('\\', '');
    const type = Object.hasOwn(TYPES, word.toUpperCase()) ? TYPES[word.toUpperCase()] : undefined;
    family.type = type ?? this.#cursor.fail((quote) => `unknown metric type ${quote(word)}`);
  }

  #sample(): void {
    const isInBraces = this.#cursor.current === '{';
    if (isInBraces) {
      this.#cursor.advance();
      this.#cursor.skipBlanks();
    }
    const { family, part } = this.builder.find(this.#checkedName(this.#name()));
    family.type ??= 'untyped';
    this.#cursor.skipBlanks();
    const { labels, step } = this.#labels(family, isInBraces);
    this.#cursor.skipBlanks();
    const text = this.#cursor.take(TOKEN);
    const isLast = this.#cursor.current === '\n';
    const value = parseFloat64(text);
    if (value === undefined) this.#cursor.fail((quote) => `expected float as value, got ${quote(text)}`);
    addSample(family, part, { labels, step, value });
    if (!isLast) this.#timestamp();
    this.#cursor.advance();
  }

  #timestamp(): void {
    this.#cursor.skipBlanks();
    const text = this.#cursor.take(TOKEN);
    if (this.#cursor.current !== '\n' && text === '') this.#cursor.skipBlanks();
    if (!/^[+-]?\d{1,19}$/.test(text)) {
      this.#cursor.fail((quote) => `expected integer as timestamp, got ${quote(text)}`);
    }
    const rest = this.#cursor.take(REST_OF_LINE);
    if (rest !== '') this.#cursor.fail((quote) => `spurious string after timestamp: ${quote(rest)}`);
    if (this.#cursor.current === '\n') this.hasTimestamps = true;
  }

  // Of `{a="b"}`, or of what follows the name in `{"name",a="b"}`.
  #labels(family: OpenFamily, isInBraces: boolean): { labels: LabelPair[]; step: number | undefined } {
    const labels = new Map<string, string>();
    let step: number | undefined;
    if (isInBraces && !this.#continuesAfterName()) return { labels: [], step };
    if (!isInBraces && !this.#cursor.takeByte('{')) return { labels: [], step };
    for (;;) {
      this.#cursor.skipBlanks();
      if (this.#cursor.takeByte('}')) break;
      const name = this.#labelName(family);
      const isStep = name === stepLabelOf(family);
      if (!isStep && labels.has(name)) {
        this.#cursor.fail((quote) => `duplicate label names for metric ${quote(family.name)}`);
      }
      const value = this.#labelValue();
      if (isStep) step = this.#step(name, value);
      else labels.set(name, value);
      this.#cursor.skipBlanks();
      if (this.#cursor.takeByte('}')) break;
      if (!this.#cursor.takeByte(',')) {
        this.#cursor.fail((quote) => `unexpected end of label value ${quote(value)}`);
      }
    }
    return { labels: [...labels], step };
  }

  #continuesAfterName(): boolean {
    if (this.#cursor.takeByte(',')) return true;
    if (this.#cursor.takeByte('}')) return false;
    return this.#cursor.fail(`unexpected end of metric name '${this.#cursor.current}'`);
  }

  #labelName(family: OpenFamily): string {
    const raw = this.#cursor.takeByte('"')
      ? this.#cursor.takeQuoted('metric name')
      : this.#cursor.take(LABEL_NAME);
    const name = decodeLatin1(raw) ?? '';
    if (name === '' || !isLabelName(name, this.#nameRule)) {
      this.#cursor.fail((quote) => `invalid label name for metric ${quote(family.name)}`);
    }
    this.#cursor.skipBlanks();
    if (!this.#cursor.takeByte('=')) {
      this.#cursor.fail(`expected '=' after label name, found '${this.#cursor.current}'`);
    }
    if (name === '__name__') this.#cursor.fail('label name "__name__" is reserved');
    return name;
  }

  #labelValue(): string {
    this.#cursor.skipBlanks();
    if (!this.#cursor.takeByte('"')) {
      this.#cursor.fail(`expected '"' at start of label value, found '${this.#cursor.current}'`);
    }
    const raw = this.#cursor.takeQuoted('label value');
    return decodeLatin1(raw) ?? this.#cursor.fail((quote) => `invalid label value ${quote(raw)}`);
  }

  #step(label: string, text: string): number {
    const step = parseFloat64(text);
    return (
      step ?? this.#cursor.fail((quote) => `expected float as value for '${label}' label, got ${quote(text)}`)
    );
  }

  // A name, maybe in quotes; empty if there is none.
  #name(): string {
    return this.#cursor.takeByte('"')
      ? this.#cursor.takeQuoted('metric name')
      : this.#cursor.take(METRIC_NAME);
  }

  #checkedName(raw: string): string {
    if (raw === '') this.#cursor.fail('invalid metric name');
    const name = decodeLatin1(raw);
    if (name !== undefined && isMetricName(name, this.#nameRule)) return name;
    return this.#cursor.fail((quote) => `invalid metric name ${quote(raw)}`);
  }
}

function stepLabelOf({ type }: OpenFamily): 'le' | 'quantile' | undefined {
  if (type === undefined || !isDistribution(type)) return undefined;
  return type === 'summary' ? 'quantile' : 'le';
}
