import { isArray, isObject, type JsonObject, type JsonValue } from './json.ts';
import { rubyText } from './ruby-text.ts';

const TOKEN = /:::([^:].*?):::/g;

export interface Substituted {
  readonly attributes: JsonObject;
  /** Tokens with neither an attribute nor a default, each once. */
  readonly unmatched: readonly string[];
}

/** Replaces `:::path.to.attribute|default:::` in every string of a check's attributes by the client's attribute. */
export function substituteTokens(attributes: JsonObject, client: JsonObject): Substituted {
  const unmatched = new Set<string>();
  return { attributes: substituteEntries(attributes, client, unmatched), unmatched: [...unmatched] };
}

function substituteEntries(object: JsonObject, client: JsonObject, unmatched: Set<string>): JsonObject {
  return new Map([...object].map(([key, item]) => [key, substitute(item, client, unmatched)]));
}

function substitute(value: JsonValue, client: JsonObject, unmatched: Set<string>): JsonValue {
  if (isArray(value)) return value.map((item) => substitute(item, client, unmatched));
  if (isObject(value)) return substituteEntries(value, client, unmatched);
  if (typeof value !== 'string') return value;
  return value.replace(TOKEN, (_, inner: string) => {
    const [token = '', ...rest] = inner.split('|');
    const found = findAttribute(client, token.split('.')) ?? (rest.length > 0 ? rest.join('|') : null);
    if (found === null) unmatched.add(token);
    return rubyText(found);
  });
}

// As in Sensu (utilities.rb find_attribute_value): an object is no value, and what follows a value in the path is ignored.
function findAttribute(tree: JsonObject, [key = '', ...path]: readonly string[]): JsonValue {
  const attribute = tree.get(key) ?? null;
  if (!isObject(attribute)) return attribute;
  return path.length === 0 ? null : findAttribute(attribute, path);
}
