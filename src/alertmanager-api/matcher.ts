import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/** Label names to values. */
export type LabelSet = Readonly<Record<string, string>>;

type Operator = '=' | '!=' | '=~' | '!~';

/** Whether an alert with these labels is meant. An absent label has the empty value. */
export interface Matcher {
  readonly name: string;
  readonly operator: Operator;
  readonly value: string;
  matches(labels: LabelSet): boolean;
}

// alertmanager matcher/parse and pkg/labels/parse.go: classic names, or any name in quotes.
const GRAMMAR = /^\s*(?:([a-zA-Z_:][a-zA-Z0-9_:]*)|("(?:[^"\\]|\\.)*"))\s*(=~|!~|!=|=)\s*([\s\S]*?)\s*$/;

/** Parses one matcher in Alertmanager's syntax, such as `check=~".+"`. Throws an Error with a sentence. */
export function parseMatcher(text: string): Matcher {
  const match = GRAMMAR.exec(text);
  if (match === null) throw new Error('must be a matcher such as check=~".+"');
  const [, bareName, quotedName, operator = '', rawValue = ''] = match;
  const name = bareName ?? unquote(quotedName ?? '', text);
  const value = rawValue.startsWith('"') ? unquote(rawValue, text) : checkBare(rawValue, text);
  return createMatcher(name, operator as Operator, value);
}

/** Whether all matchers match. */
export function matchesAll(matchers: readonly Matcher[], labels: LabelSet): boolean {
  return matchers.every((matcher) => matcher.matches(labels));
}

function createMatcher(name: string, operator: Operator, value: string): Matcher {
  const test = operator.endsWith('~') ? anchoredRegex(value) : (actual: string) => actual === value;
  const wanted = !operator.startsWith('!');
  return {
    name,
    operator,
    value,
    matches: (labels) => test(Object.hasOwn(labels, name) ? (labels[name] ?? '') : '') === wanted,
  };
}

// RE2 is linear, but not fast in JavaScript; the values of a label come again and again.
function anchoredRegex(pattern: string): (actual: string) => boolean {
  const regex = compile(pattern);
  const known = new LRUCache<string, boolean>({ max: 10_000 });
  return (actual) => {
    let result = known.get(actual);
    if (result === undefined) known.set(actual, (result = regex.matches(actual)));
    return result;
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new Error(`'${pattern}' is not a regular expression in RE2 syntax`, { cause: error });
  }
}

function unquote(quoted: string, text: string): string {
  if (!/^"(?:[^"\\]|\\["n\\])*"$/.test(quoted)) {
    throw new Error(`the quotes do not match, or an escape other than \\" \\n \\\\ is used, in '${text}'`);
  }
  return quoted.slice(1, -1).replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function checkBare(value: string, text: string): string {
  if (value.includes('"')) throw new Error(`a value with quotes must be quoted as a whole in '${text}'`);
  return value;
}
