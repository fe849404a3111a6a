import type { JsonRecord } from './result.ts';

/** What the node's Sensu configuration says, as far as it is known: nothing of it is needed. */
export interface Definitions {
  /** The node as a Sensu client, with its attributes but for secrets; undefined if no configuration is read. */
  readonly client: { readonly name: string; readonly attributes: JsonRecord } | undefined;
  /** The checks that this node runs, by name, with all their keys. */
  readonly checks: ReadonlyMap<string, JsonRecord>;
}

export const NO_DEFINITIONS: Definitions = { client: undefined, checks: new Map() };
