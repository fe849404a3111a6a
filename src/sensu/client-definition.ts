import { isArray, isInteger, isObject, type JsonObject, type JsonValue } from './json.ts';
import { unique } from './deep-merge.ts';

/** The node that the checks run on, as Sensu's configuration defines it. */
export interface ClientDefinition {
  readonly name: string;
  readonly subscriptions: readonly string[];
  readonly signature: string | undefined;
  /** Where programs push results over TCP and UDP; undefined if that is off. */
  readonly socket: SocketAddress | undefined;
  /** Where programs push results over HTTP; undefined if that is off. */
  readonly httpSocket: HttpSocketAddress | undefined;
  /** Every key, custom ones too: what tokens are looked up in. */
  readonly attributes: JsonObject;
}

export interface SocketAddress {
  readonly bind: string;
  readonly port: number;
}

export interface HttpSocketAddress extends SocketAddress {
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
  readonly protectAllEndpoints: boolean;
}

export type ParsedClient =
  | { readonly ok: true; readonly client: ClientDefinition }
  | { readonly ok: false; readonly problems: readonly string[] };

type Test = (value: JsonValue | undefined) => boolean;

const isString: Test = (value) => typeof value === 'string';
const isBoolean: Test = (value) => typeof value === 'boolean';
const isPort: Test = (value) => isInteger(value) && value.value >= 0 && value.value <= 65535;

// sensu-settings validators/client.rb, as far as a client without a Sensu server uses it.
const RULES: readonly (readonly [path: string, test: Test, problem: string])[] = [
  [
    'name',
    (value) => typeof value === 'string' && /^[\w.-]+$/.test(value),
    'cannot contain spaces or special characters',
  ],
  ['address', isString, 'must be a string'],
  ['subscriptions', (value) => isArray(value) && value.every(isString), 'must be an array of strings'],
  ['signature', isString, 'must be a string'],
  ['socket', isObject, 'must be an object'],
  ['socket.enabled', isBoolean, 'must be boolean'],
  ['socket.bind', isString, 'must be a string'],
  ['socket.port', isPort, 'must be a port number'],
  ['http_socket', isObject, 'must be an object'],
  ['http_socket.enabled', isBoolean, 'must be boolean'],
  ['http_socket.bind', isString, 'must be a string'],
  ['http_socket.port', isPort, 'must be a port number'],
  ['http_socket.user', isString, 'must be a string'],
  ['http_socket.password', isString, 'must be a string'],
  ['http_socket.protect_all_endpoints', isBoolean, 'must be boolean'],
];

/** Checks the client's definition and adds the subscription that every client has, `client:NAME`. */
export function parseClient(definition: JsonObject): ParsedClient {
  const problems = RULES.flatMap(([path, test, problem]) => {
    const value = find(definition, path) ?? undefined;
    return value === undefined || test(value) ? [] : [`client ${path} ${problem}`];
  });
  if (problems.length > 0) return { ok: false, problems };
  const name = text(definition, 'name') ?? '';
  const subscriptions = unique([...list(definition, 'subscriptions'), `client:${name}`]);
  const attributes = new Map(definition).set('subscriptions', subscriptions);
  return {
    ok: true,
    client: {
      name,
      subscriptions: subscriptions.filter((subscription) => typeof subscription === 'string'),
      signature: text(definition, 'signature'),
      socket: addressOf(definition, 'socket', 3030),
      httpSocket: httpSocketOf(definition),
      attributes,
    },
  };
}

function addressOf(client: JsonObject, key: string, defaultPort: number): SocketAddress | undefined {
  if (find(client, `${key}.enabled`) === false) return undefined;
  const port = find(client, `${key}.port`);
  return {
    bind: text(client, `${key}.bind`) ?? '127.0.0.1',
    port: isInteger(port) ? port.value : defaultPort,
  };
}

function httpSocketOf(client: JsonObject): HttpSocketAddress | undefined {
  const address = addressOf(client, 'http_socket', 3031);
  const user = text(client, 'http_socket.user');
  const password = text(client, 'http_socket.password');
  return (
    address && {
      ...address,
      credentials: user === undefined || password === undefined ? undefined : { user, password },
      protectAllEndpoints: find(client, 'http_socket.protect_all_endpoints') === true,
    }
  );
}

function find(client: JsonObject, path: string): JsonValue | undefined {
  return path
    .split('.')
    .reduce<JsonValue | undefined>((value, key) => (isObject(value) ? value.get(key) : undefined), client);
}

function text(client: JsonObject, path: string): string | undefined {
  const value = find(client, path);
  return typeof value === 'string' ? value : undefined;
}

function list(client: JsonObject, path: string): readonly JsonValue[] {
  const value = find(client, path);
  return isArray(value) ? value : [];
}
