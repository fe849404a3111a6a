/** One key of the store as it is to be. */
export type StoreRecord =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** A step from one state in memory to the next, with what the disk has to hold before anybody sees it. */
export interface Change {
  readonly records: readonly StoreRecord[];
  /** Makes the step. */
  apply(): void;
  /** Goes back. */
  undo(): void;
}
