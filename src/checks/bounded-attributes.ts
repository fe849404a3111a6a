import type { JsonRecord } from './result.ts';

// Only the output may be long: these hold for the other keys, so that one result cannot fill the memory or the stack.
const MAX_ATTRIBUTE_LENGTH = 16 * 1024;
const MAX_DEPTH = 32;
// Of all of them, as JSON.
const MAX_ATTRIBUTE_BYTES = 64 * 1024;

/**
 * A copy of what came from outside, small enough to keep: texts are cut, what is nested too deep is null, and the largest keys are
 * left out until the rest fits. `readable` makes text of each string.
 */
export function boundAttributes(
  attributes: JsonRecord,
  readable: (text: string) => string = (text) => text,
): { readonly attributes: JsonRecord; readonly bytes: number; readonly leftOut: number } {
  const all = bounded(attributes, readable, 0) as JsonRecord;
  const kept = withoutLargest(all);
  return {
    attributes: kept,
    bytes: JSON.stringify(kept).length,
    leftOut: Object.keys(all).length - Object.keys(kept).length,
  };
}

/** A text of at most 16 KiB. A slice alone would keep the whole string in memory. */
export function shortText(text: string): string {
  return text.length <= MAX_ATTRIBUTE_LENGTH
    ? text
    : Buffer.from(text.slice(0, MAX_ATTRIBUTE_LENGTH)).toString();
}

function bounded(value: unknown, readable: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return readable(shortText(value));
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => bounded(item, readable, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [readable(key), bounded(item, readable, depth + 1)]),
  );
}

// What monitoring needs is small.
function withoutLargest(attributes: JsonRecord): JsonRecord {
  const sizes = Object.entries(attributes).map(([key, value]) => ({
    key,
    bytes: JSON.stringify([key, value]).length,
  }));
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_ATTRIBUTE_BYTES) return attributes;
  const leftOut = new Set<string>();
  for (const { key, bytes } of sizes.sort((a, b) => b.bytes - a.bytes)) {
    if (total <= MAX_ATTRIBUTE_BYTES) break;
    total -= bytes;
    leftOut.add(key);
  }
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !leftOut.has(key)));
}
