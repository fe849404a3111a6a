import type { JsonObject } from './check-result.ts';

/** What the node's Sensu configuration says, as far as it is known: nothing of it is needed. */
export interface Definitions {
  /** The node as a Sensu client, with all its attributes; undefined if no configuration is read. */
  readonly client: { readonly name: string; readonly attributes: JsonObject } | undefined;
  /** The checks that this node runs, by name, with all their keys. */
  readonly checks: ReadonlyMap<string, JsonObject>;
}

export const NO_DEFINITIONS: Definitions = { client: undefined, checks: new Map() };

// sensu/sensu utilities.rb, redact_sensitive.
const DEFAULT_REDACT = [
  'password',
  'passwd',
  'pass',
  'api_key',
  'api_token',
  'access_key',
  'secret_key',
  'private_key',
  'secret',
];

/** The attributes of a client as Sensu shows them: what its `redact` names, or Sensu's own list, is hidden. */
export function redactClient(attributes: JsonObject): JsonObject {
  const { redact } = attributes;
  const keys = Array.isArray(redact) ? redact.map(String) : DEFAULT_REDACT;
  return redactKeys(attributes, new Set(keys)) as JsonObject;
}

function redactKeys(value: unknown, keys: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => redactKeys(item, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, keys.has(key) ? 'REDACTED' : redactKeys(item, keys)]),
  );
}
