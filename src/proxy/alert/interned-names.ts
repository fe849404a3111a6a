/** Rules and sources make a handful of lists; who sends alerts by hand could make any number. */
const MAX_LISTS = 1_000;

const lists = new Map<string, readonly string[]>();

/** The same list for equal names: 100,000 alerts of one rule share the names of their annotations. */
export function internedNames(names: readonly string[]): readonly string[] {
  const key = JSON.stringify(names);
  const known = lists.get(key);
  if (known !== undefined) return known;
  if (lists.size >= MAX_LISTS) lists.clear();
  lists.set(key, names);
  return names;
}
