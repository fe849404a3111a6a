import { unquoteGo } from '../platform/text/go-text.ts';
import type { Operator, WrittenMatcher } from './classic-matchers.ts';

interface Token {
  readonly kind: 'open' | 'close' | 'comma' | 'operator' | 'text';
  readonly value: string;
}

// Alertmanager's matcher/parse/lexer.go: what is reserved cannot stand outside of quotes.
const TOKEN =
  /\p{White_Space}*(?:(?<open>\{)|(?<close>\})|(?<comma>,)|(?<operator>=~|=|!=|!~)|(?<quoted>"(?:[^"\\]|\\.)*")|(?<bare>[^\p{White_Space}{}!=~,\\"'`]+))/suy;

/** Reads matchers by the rules of Alertmanager 0.27 and later, where a name in quotes may be any text; undefined if they do not hold. */
export function parseUtf8Matchers(text: string): readonly WrittenMatcher[] | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const isOpen = tokens[0]?.kind === 'open';
  const isClosed = tokens.at(-1)?.kind === 'close';
  if (isOpen !== isClosed) return undefined;
  return matchersOf(isOpen ? tokens.slice(1, -1) : tokens);
}

// Matchers with commas between them; one more may stand after the last of them.
function matchersOf(tokens: readonly Token[]): readonly WrittenMatcher[] | undefined {
  const matchers: WrittenMatcher[] = [];
  for (let position = 0; position < tokens.length; position += 4) {
    const [name, operator, value, comma] = tokens.slice(position, position + 4);
    if (name?.kind !== 'text' || operator?.kind !== 'operator' || value?.kind !== 'text') return undefined;
    if (comma !== undefined && comma.kind !== 'comma') return undefined;
    matchers.push({ name: name.value, operator: operator.value as Operator, value: value.value });
  }
  return matchers;
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.search(/\p{White_Space}*$/u);
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const token = tokenOf(TOKEN.exec(text)?.groups);
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>> | undefined): Token | undefined {
  if (groups === undefined) return undefined;
  const { open, close, comma, operator, quoted, bare } = groups;
  if (operator !== undefined) return { kind: 'operator', value: operator };
  if (open !== undefined) return { kind: 'open', value: open };
  if (close !== undefined) return { kind: 'close', value: close };
  if (comma !== undefined) return { kind: 'comma', value: comma };
  const value = quoted === undefined ? bare : unquoteGo(quoted);
  return value === undefined ? undefined : { kind: 'text', value };
}
