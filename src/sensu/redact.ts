import { isArray, isObject, type JsonObject, type JsonValue } from './json.ts';

// sensu utilities.rb redact_sensitive
const SECRET_KEYS: ReadonlySet<string> = new Set([
  ...[
    'password',
    'passwd',
    'pass',
    'api_key',
    'api_token',
    'access_key',
    'secret_key',
    'private_key',
    'secret',
  ],
  ...['routing_key', 'access_token_read', 'access_token_write', 'access_token_path', 'webhook_url'],
  ...['nickserv_password', 'channel_password', 'community', 'keystore_password', 'truststore_password'],
  ...['proxy_password', 'access_key_id', 'secret_access_key'],
]);

/** A copy in which the values of keys that name secrets read `REDACTED`. `keys`: the client's own `redact` list. */
export function redact(object: JsonObject, keys: ReadonlySet<string> = SECRET_KEYS): JsonObject {
  const hide = (value: JsonValue): JsonValue => {
    if (isArray(value)) return value.map(hide);
    return isObject(value) ? redact(value, keys) : value;
  };
  return new Map([...object].map(([key, value]) => [key, keys.has(key) ? 'REDACTED' : hide(value)]));
}
