/** The keys on the way to a value, such as `['sources', 0, 'timeout']`. */
export type KeyPath = readonly PropertyKey[];

/** What a check has to say about the value at the end of a path. */
export interface Finding {
  readonly path: KeyPath;
  /** What is wrong and what to do; repeats nothing that may be a secret. */
  readonly sentence: string;
}
