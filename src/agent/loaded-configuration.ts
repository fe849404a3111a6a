import type { Definitions } from '../checks/definitions.ts';

/** How many check definitions can be used, on this node or another, and how many definitions and files cannot. */
export interface UsableAndBroken {
  readonly usable: number;
  readonly broken: number;
}

/** What loading the Sensu configuration came to. */
export type LoadedConfiguration =
  | UsableConfiguration
  /** The client's own definition is broken: what was known counts on. */
  | { readonly kind: 'unusable'; readonly counts: UsableAndBroken };

/** Whole: nothing of it is missing. Partial: some of it could not be read, so a check that is not in it may still be one. */
export interface UsableConfiguration {
  readonly kind: 'whole' | 'partial';
  readonly definitions: Definitions;
  readonly counts: UsableAndBroken;
}
