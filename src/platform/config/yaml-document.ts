import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Alias, Document, ErrorCode, YAMLError } from 'yaml';
import { quoteShortened } from '../text/quote-shortened.ts';
import type { KeyPath } from './finding.ts';

/** Counted from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

type YamlProblem = Position & { readonly sentence: string };

interface YamlDocument {
  /** The content as plain values, undefined where the syntax is beyond reading. A key without a value is left out. */
  readonly content: unknown;
  readonly problems: readonly YamlProblem[];
  /** Where the last key of the path stands, or the last one that is there at all. */
  positionOf(path: KeyPath): Position;
}

// Instead of the library's sentences that quote the file, because a password may stand there, or that help less.
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_DIRECTIVE: 'a line must not start with %',
  BAD_DQ_ESCAPE: 'a backslash in double quotes must start a YAML escape; use single quotes',
  BAD_SCALAR_START: 'text that starts with @ or ` needs quotes',
  BLOCK_IN_FLOW: 'a block cannot stand inside [ or {; is a bracket above not closed?',
  MULTIPLE_DOCS: 'there must be one document only; remove the second ---',
  NON_STRING_KEY: 'a key must be text; text that starts with { or [ needs quotes',
  TAB_AS_INDENT: 'tabs cannot indent YAML; use spaces',
  TAG_RESOLVE_FAILED: 'tags have no meaning here; text that starts with ! needs quotes',
  UNEXPECTED_TOKEN: 'this cannot stand here; check quotes, brackets and indentation',
};
const NO_SUCH_ANCHOR = 'there is no such anchor above; text that starts with * needs quotes';
const ENDLESS_ALIASES = 'aliases must not contain themselves, nor be used hundreds of times';

/** Of a file whose syntax is beyond reading: one bracket too many makes a problem of every line below it. */
const MOST_PROBLEMS = 3;

/** Reads YAML 1.2 with anchors and merge keys. */
export function parseYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    stringKeys: true,
    prettyErrors: false,
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const syntax = [...document.errors, ...document.warnings];
  const problems = [
    ...syntax.map((error) => ({ ...at(error.pos[0]), sentence: sentenceOf(error, text) })),
    ...danglingAliases(document).map((alias) => ({ ...at(startOf(alias) ?? 0), sentence: NO_SUCH_ANCHOR })),
  ];
  // A key that is there twice does not keep the rest from being checked.
  const readable = problems.length === syntax.filter(({ code }) => code === 'DUPLICATE_KEY').length;
  const content = readable ? contentOf(document) : undefined;
  if (readable && content === undefined) problems.push({ ...at(0), sentence: ENDLESS_ALIASES });
  return {
    content,
    problems: readable ? problems : firstOf(problems),
    positionOf: (path) => at(offsetOf(document, path)),
  };
}

function firstOf(problems: readonly YamlProblem[]): YamlProblem[] {
  const inOrder = problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
  const next = inOrder[MOST_PROBLEMS];
  if (next === undefined) return inOrder;
  const sentence = `${inOrder.length - MOST_PROBLEMS} more from here on, which may follow from what is said above`;
  return [...inOrder.slice(0, MOST_PROBLEMS), { ...next, sentence }];
}

function sentenceOf({ code, message, pos }: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY')
    return `the key ${keyAt(text, pos[0])} is there twice; keys of one block must differ`;
  return SENTENCES[code] ?? message.charAt(0).toLowerCase() + message.slice(1);
}

// Up to the colon, in quotes or not.
function keyAt(text: string, offset: number): string {
  const [, key = ''] =
    /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\n:]*)/.exec(text.slice(offset, offset + 200)) ?? [];
  return quoteShortened(key.trim());
}

// As in Prometheus, `key:` alone means the same as no key.
function contentOf(document: Document): unknown {
  const withoutNull = (_: unknown, value: unknown): unknown => (value === null ? undefined : value);
  try {
    return document.toJS({ reviver: withoutNull }) ?? {};
  } catch {
    // The library refuses aliases that would make the content endless, or hundreds of times the file.
    return undefined;
  }
}

function danglingAliases(document: Document): Alias[] {
  const dangling: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) dangling.push(alias);
    },
  });
  return dangling;
}

function offsetOf(document: Document, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    node = isSeq(node) ? node.items[Number(key)] : pair?.value;
    offset = startOf(pair?.key ?? node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
