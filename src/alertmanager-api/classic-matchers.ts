import { trimSpace } from '../platform/text/go-text.ts';

export type Operator = '=' | '!=' | '=~' | '!~';

/** A matcher as it is written, without its quotes and escapes. */
export interface WrittenMatcher {
  readonly name: string;
  readonly operator: Operator;
  readonly value: string;
}

// Alertmanager's pkg/labels/parse.go. Go's \s is these five characters.
const MATCHER =
  /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)[\t\n\f\r ]*([\s\S]*?)[\t\n\f\r ]*$/;

/** Reads matchers as every Alertmanager does, in braces or without, with commas between them. Throws an Error with a sentence. */
export function parseClassicMatchers(text: string): readonly WrittenMatcher[] {
  return splitAtCommas(text.replace(/^\{/, '').replace(/\}$/, '')).map(parseClassicMatcher);
}

// A comma within quotes belongs to the value. After the last comma there may be nothing; before it there must be a matcher.
function splitAtCommas(text: string): readonly string[] {
  const tokens = [''];
  let isQuoted = false;
  let isEscaped = false;
  for (const character of text) {
    if (character === ',' && !isQuoted) {
      tokens.push('');
      continue;
    }
    if (character === '"' && !isEscaped) isQuoted = !isQuoted;
    // A comma within quotes leaves this as it was: what Alertmanager does is meant, not what it should.
    if (character !== ',') isEscaped = character === '\\' && !isEscaped;
    tokens.push(`${tokens.pop() ?? ''}${character}`);
  }
  const last = trimSpace(tokens.pop() ?? '');
  return last === '' ? tokens : [...tokens, last];
}

function parseClassicMatcher(token: string): WrittenMatcher {
  const match = MATCHER.exec(token);
  if (match === null) throw new Error('must be a matcher such as check=~".+"');
  const [, name = '', operator = '=', value = ''] = match;
  return { name, operator: operator as Operator, value: valueOf(value, token) };
}

/** In quotes or without: `\"`, `\n` and `\\` are escapes, every other backslash stands for itself. */
function valueOf(raw: string, token: string): string {
  const isQuoted = raw.startsWith('"');
  const body = /^((?:[^"\\]|\\[\s\S]|\\$)*)("?)$/.exec(isQuoted ? raw.slice(1) : raw);
  if (body === null || (body[2] === '"') !== isQuoted)
    throw new Error(`a value must be in quotes as a whole, with \\" for a quote in it: '${token}'`);
  return (body[1] ?? '').replace(/\\(["n\\])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}
