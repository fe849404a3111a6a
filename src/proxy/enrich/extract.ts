import { TreeInterpreter, compile, type JSONValue } from '@jmespath-community/jmespath';
import type { AlertStatus } from '../alert/alert.ts';
import { createAnnotationSet, type AnnotationSet } from '../alert/splice.ts';
import { sanitise, type SanitiseOptions } from './sanitise.ts';

/** What to take for one annotation: JMESPath over the JSON body; a text body is the string `@`. */
export interface Extraction {
  readonly name: string;
  readonly firing: string;
  readonly resolved: string;
}

export interface ExtractorOptions extends SanitiseOptions {
  /** At least one; the first is the one that must be there. */
  readonly extractions: readonly Extraction[];
  /** Names that TextDecoder knows, tried in order. */
  readonly charsets: readonly string[];
}

export interface ResponseBody {
  readonly body: Buffer;
  readonly contentType: string;
}

/** Annotations for each status of an alert, or a few words on why the answer cannot be read. */
export type Extracted = Readonly<Record<AlertStatus, AnnotationSet>> | string;

export type Extractor = (response: ResponseBody) => Extracted;

/** Compiles the expressions once. Throws if one is no JMESPath. */
export function createExtractor(options: ExtractorOptions): Extractor {
  const decode = createDecoder(options.charsets);
  const wantsText = options.extractions.every(({ firing, resolved }) => firing === '@' && resolved === '@');
  const pickFiring = createPicker(options, 'firing');
  const isSame = options.extractions.every(({ firing, resolved }) => firing === resolved);
  const pickResolved = isSame ? undefined : createPicker(options, 'resolved');
  return (response) => {
    const { body } = response;
    const contentType = response.contentType.toLowerCase();
    if (contentType.includes('text/html')) return 'the answer is an HTML page';
    const parsed = parseBody(decode(body), contentType, wantsText);
    if (parsed === undefined) return 'the answer is not JSON';
    const firing = pickFiring(parsed.value);
    const resolved = pickResolved?.(parsed.value) ?? firing;
    if (typeof firing === 'string') return firing;
    if (typeof resolved === 'string') return resolved;
    return { firing, resolved };
  };
}

function parseBody(text: string, contentType: string, wantsText: boolean): { value: JSONValue } | undefined {
  if (wantsText && !contentType.includes('json')) return { value: text };
  try {
    return { value: JSON.parse(text) as JSONValue };
  } catch {
    return undefined;
  }
}

function createPicker(
  options: ExtractorOptions,
  status: AlertStatus,
): (value: JSONValue) => AnnotationSet | string {
  const compiled = options.extractions.map((extraction) => ({
    name: extraction.name,
    expression: extraction[status],
    ast: compile(extraction[status]),
  }));
  return (value) => {
    const entries: Record<string, string> = {};
    for (const [index, { name, expression, ast }] of compiled.entries()) {
      const text = pick(ast, value);
      if (text !== undefined) entries[name] = sanitise(text, options);
      else if (index === 0) return `the answer holds nothing under '${expression}'`;
    }
    return createAnnotationSet(entries);
  };
}

// An answer of another shape than the expression was written for may make a function fail: there is nothing to take either.
function pick(ast: ReturnType<typeof compile>, value: JSONValue): string | undefined {
  try {
    return textOf(TreeInterpreter.search(ast, value));
  } catch {
    return undefined;
  }
}

// Lists of strings become lines; anything else that is no string is shown as JSON.
function textOf(value: JSONValue): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('\n');
  return JSON.stringify(value);
}

// The last charset takes what none before it could read, with replacement characters.
function createDecoder(charsets: readonly string[]): (body: Buffer) => string {
  const strict = charsets.map((charset) => new TextDecoder(charset, { fatal: true }));
  const lenient = new TextDecoder(charsets[0] ?? 'utf-8');
  return (body) => {
    for (const decoder of strict) {
      try {
        return decoder.decode(body);
      } catch {
        // Not this one.
      }
    }
    return lenient.decode(body);
  };
}
