import { matchesAll, parseMatcher, type LabelSet, type Matcher } from '../../alertmanager-api/matcher.ts';
import { describeError } from '../../platform/log/log.ts';

/** What somebody looks for: matchers and words in any order, such as `client=~"web-.*" raid -lab`. */
export interface Filter {
  /** As it was typed. */
  readonly source: string;
  /** Whether a row with these labels, and this lower-case text, is meant. */
  matches(labels: LabelSet, text: string): boolean;
  /** The matchers as Alertmanager writes them. */
  readonly matchers: readonly string[];
  /** Whether it has words beside the matchers, which no silence can have. */
  readonly hasWords: boolean;
  /** What cannot be understood, as a sentence; that part then does not filter. */
  readonly mistake: string | undefined;
}

/** Characters; a longer filter is cut. */
const MAX_FILTER = 20_000;
/** A label name, classic or in quotes, and an operator. */
const LOOKS_LIKE_MATCHER = /^(?:[a-zA-Z_:][\w:]*|"(?:[^"\\]|\\.)*")\s*(?:=~|!~|!=|=)/;

/** Reads a filter. Never throws: unknown syntax is a sentence for the reader. */
export function parseFilter(source: string): Filter {
  const parts = split(source.slice(0, MAX_FILTER));
  const matchers: Matcher[] = [];
  const written: string[] = [];
  const [wanted, unwanted]: [string[], string[]] = [[], []];
  let mistake: string | undefined;
  for (const part of parts) {
    if (LOOKS_LIKE_MATCHER.test(part)) {
      try {
        matchers.push(parseMatcher(part));
        written.push(part);
      } catch (error) {
        mistake ??= `"${part.slice(0, 100)}" cannot be understood: ${describeError(error)}`;
      }
    } else if (part.startsWith('-') && part.length > 1) unwanted.push(wordOf(part.slice(1)));
    else wanted.push(wordOf(part));
  }
  return {
    source,
    matchers: written,
    hasWords: wanted.length + unwanted.length > 0,
    mistake,
    matches: (labels, text) =>
      matchesAll(matchers, labels) &&
      wanted.every((word) => text.includes(word)) &&
      !unwanted.some((word) => text.includes(word)),
  };
}

function wordOf(part: string): string {
  return part.replace(/^"(.*)"$/s, '$1').toLowerCase();
}

// At white space outside of quotes; within the braces of Alertmanager's own filters also at commas.
function split(source: string): string[] {
  const trimmed = source.trim();
  const hasBraces = trimmed.startsWith('{') && trimmed.endsWith('}');
  const text = hasBraces ? trimmed.slice(1, -1) : trimmed;
  const separator = hasBraces ? /[\s,]/ : /\s/;
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isQuoted && character === '\\') {
      part += character + (text[index + 1] ?? '');
      index += 1;
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && separator.test(character)) {
      if (part !== '') parts.push(part);
      part = '';
    } else part += character;
  }
  return part === '' ? parts : [...parts, part];
}
