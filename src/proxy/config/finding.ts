/** The keys on the way to a value, such as `['sources', 0, 'timeout']`. */
export type KeyPath = readonly PropertyKey[];

/** What a check has to say about the value at the end of a path. */
export interface Finding {
  readonly path: KeyPath;
  /** What is wrong and what to do; repeats nothing that may be a secret. */
  readonly sentence: string;
}

/** A path as people write it, such as `sources[0].timeout`. */
export function formatKey(path: KeyPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
