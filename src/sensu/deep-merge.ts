import { isArray, isObject, writeJson, type JsonObject, type JsonValue } from './json.ts';

/** Merges as Sensu merges its files: objects key by key, arrays joined without repeats, all else: the last one wins. */
export function deepMerge(base: JsonObject, added: JsonObject): JsonObject {
  const merged = new Map(base);
  for (const [key, value] of added) {
    const before = base.get(key);
    if (isObject(before) && isObject(value)) merged.set(key, deepMerge(before, value));
    else if (isArray(before) && isArray(value)) merged.set(key, unique([...before, ...value]));
    else merged.set(key, value);
  }
  return merged;
}

/** The elements without those that equal an earlier one, as Ruby's `Array#uniq`: 1 is not 1.0, the order of keys does not count. */
export function unique(values: readonly JsonValue[]): JsonValue[] {
  const seen = new Map<string, JsonValue>();
  for (const value of values) {
    const text = writeJson(sorted(value));
    if (!seen.has(text)) seen.set(text, value);
  }
  return [...seen.values()];
}

function sorted(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = [...value].map(([key, item]) => [key, sorted(item)] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
