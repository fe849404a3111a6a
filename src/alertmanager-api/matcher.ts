import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { parseClassicMatchers, type WrittenMatcher } from './classic-matchers.ts';
import { parseUtf8Matchers } from './utf8-matchers.ts';

/** Label names to values. */
export type LabelSet = Readonly<Record<string, string>>;

/** Whether an alert with these labels is meant. An absent label has the empty value. */
export interface Matcher extends WrittenMatcher {
  matches(labels: LabelSet): boolean;
}

/**
 * Parses matchers in Alertmanager's syntax, such as `check=~".+"` or `{a="b", c!="d"}`; `{}` holds none. Reads what Alertmanager
 * 0.35 reads, and as it does (matcher/compat/parse.go, FallbackMatchersParser): by the classic rules, the only ones before 0.27, and where those
 * cannot, by those for names in UTF-8. Throws an Error with a sentence.
 */
export function parseMatchers(text: string): readonly Matcher[] {
  try {
    return parseClassicMatchers(text).map(createMatcher);
  } catch (error) {
    const written = parseUtf8Matchers(text);
    if (written === undefined) throw error;
    return written.map(createMatcher);
  }
}

/** Parses exactly one matcher. Throws an Error with a sentence. */
export function parseMatcher(text: string): Matcher {
  const [matcher, ...others] = parseMatchers(text);
  if (matcher === undefined) throw new Error('must be a matcher such as check=~".+"');
  if (others.length > 0) throw new Error('must be one matcher, not several');
  return matcher;
}

/** Whether all matchers match. */
export function matchesAll(matchers: readonly Matcher[], labels: LabelSet): boolean {
  return matchers.every((matcher) => matcher.matches(labels));
}

function createMatcher({ name, operator, value }: WrittenMatcher): Matcher {
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
    if (result === undefined) known.set(actual, (result = regex.test(actual)));
    return result;
  };
}

// Anchored by its text, as in pkg/labels/matcher.go: `a)|(b` is `^(?:a)|(b)$` there.
function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(`^(?:${pattern})$`);
  } catch (error) {
    throw new Error(`'${pattern}' is not a regular expression in RE2 syntax`, { cause: error });
  }
}
