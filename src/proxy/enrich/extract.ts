import { TreeInterpreter, compile, type JSONValue } from '@jmespath-community/jmespath';
import type { AlertStatus } from '../alert/alert.ts';
import { createDecoder } from '../../platform/text/charset.ts';
import { AnnotationSet } from '../alert/splice.ts';
import { COMMAND_ANNOTATION } from './annotation-names.ts';
import { maskCommandSecrets } from './command-secrets.ts';
import type { FetchedOutput } from './lookup.ts';
import { sanitise, type SanitiseOptions } from '../../platform/text/sanitise.ts';

type Ast = ReturnType<typeof compile>;

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

/** What an answer says, or a few words on why it cannot be read. */
export type Extracted = Pick<FetchedOutput, 'annotations' | 'hasResult'> | string;

export type Extractor = (response: ResponseBody) => Extracted;

/** Compiles the expressions once. Throws if one is no JMESPath. */
export function createExtractor(options: ExtractorOptions): Extractor {
  const wantsText = options.extractions.every(({ firing, resolved }) => firing === '@' && resolved === '@');
  const read = createReader(options.charsets, wantsText);
  const extract = createStatusPicker(options);
  return (response) => {
    const parsed = read(response);
    return typeof parsed === 'string' ? parsed : extract(parsed.value);
  };
}

export interface BatchExtractorOptions extends ExtractorOptions {
  /** JMESPath: the list of checks in the JSON body. */
  readonly list: string;
  /** JMESPath: the name of a check, over an element of that list. */
  readonly elementName: string;
}

/** What an answer says of each of several checks, by name, or a few words on why it cannot be read. */
export type BatchExtractor = (
  response: ResponseBody,
  wanted: readonly string[],
) => ReadonlyMap<string, Extracted> | string;

/** Elements of an answer that are looked at: far more than are asked for at a time, and than a node has checks. */
const MAX_ELEMENTS = 1000;

/** The same for an answer about several checks. */
export function createBatchExtractor(options: BatchExtractorOptions): BatchExtractor {
  const read = createReader(options.charsets, false);
  const extract = createStatusPicker(options);
  const list = compile(options.list);
  const elementName = compile(options.elementName);
  return (response, wanted) => {
    const parsed = read(response);
    if (typeof parsed === 'string') return parsed;
    const elements = attempt(() => TreeInterpreter.search(list, parsed.value));
    if (!Array.isArray(elements)) return `the answer holds no list under '${options.list}'`;
    return extractWanted(elements.slice(0, MAX_ELEMENTS), wanted);
  };

  // Only what was asked for, each once: an answer may hold as much else as it likes.
  function extractWanted(elements: JSONValue[], wanted: readonly string[]): Map<string, Extracted> {
    const missing = new Set(wanted);
    const extracted = new Map<string, Extracted>();
    for (const element of elements) {
      if (missing.size === 0) break;
      const name = pick(elementName, element) ?? '';
      if (missing.delete(name)) extracted.set(name, extract(element));
    }
    return extracted;
  }
}

/** The value of a body, wrapped; or a few words. */
type Reader = (response: ResponseBody) => { readonly value: JSONValue } | string;

function createReader(charsets: readonly string[], wantsText: boolean): Reader {
  const decode = createDecoder(charsets);
  return ({ body, contentType }) => {
    const type = contentType.toLowerCase();
    if (type.includes('text/html')) return 'the answer is an HTML page';
    // A byte order mark is not part of a text that is to be read.
    const text = decode(body).text.replace(/^\uFEFF/, '');
    if (wantsText && !type.includes('json')) return { value: text };
    try {
      return { value: JSON.parse(text) as JSONValue };
    } catch {
      return 'the answer is not JSON';
    }
  };
}

function createStatusPicker(options: ExtractorOptions): (value: JSONValue) => Extracted {
  const pickFiring = createPicker(options, 'firing');
  const isSame = options.extractions.every(({ firing, resolved }) => firing === resolved);
  const pickResolved = isSame ? undefined : createPicker(options, 'resolved');
  return (value) => {
    const firing = pickFiring(value);
    const resolved = pickResolved?.(value) ?? firing;
    if (typeof firing === 'string') return firing;
    if (typeof resolved === 'string') return resolved;
    return { annotations: { firing, resolved }, hasResult: !isWithoutResult(value) };
  };
}

// The agent's word for a check that is defined and of which it knows no result.
function isWithoutResult(value: JSONValue): boolean {
  return (
    typeof value === 'object' && value !== null && 'last_result' in value && value['last_result'] === null
  );
}

function createPicker(
  options: ExtractorOptions,
  status: AlertStatus,
): (value: JSONValue) => AnnotationSet | string {
  const compiled = options.extractions.map((extraction) => ({
    name: extraction.name,
    ast: compile(extraction[status]),
  }));
  return (value) => {
    const entries: Record<string, string> = {};
    for (const [index, { name, ast }] of compiled.entries()) {
      const text = pick(ast, value);
      if (text !== undefined)
        entries[name] = sanitise(name === COMMAND_ANNOTATION ? maskCommandSecrets(text) : text, options);
      else if (index === 0) return `the answer holds nothing for ${name}`;
    }
    return new AnnotationSet(entries);
  };
}

// An answer of another shape than the expression was written for may make a function fail, and one that nests deeply cannot be written:
// there is nothing to take either.
function pick(ast: Ast, value: JSONValue): string | undefined {
  return attempt(() => textOf(TreeInterpreter.search(ast, value)));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
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
