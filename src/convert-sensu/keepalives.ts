import { labelIs, labelIsNoneOf } from '../alertmanager-api/write-matcher.ts';
import type { SensuDefinitions } from './definitions.ts';
import type { Fact } from './fact.ts';
import { undefinedMembersOf } from './handler-sets.ts';

/** Which nodes that are down are told to whom. */
export interface Keepalive {
  /** Of CheckAgentDown. */
  readonly matchers: readonly string[];
  /** Names as in a check, sets among them; empty: nobody is told. */
  readonly handlers: readonly string[];
}

/** The alert that takes the place of Sensu's check `keepalive`. */
export const KEEPALIVE_ALERT = labelIs('alertname', 'CheckAgentDown');

/**
 * Who Sensu told of a dead node, as its server made that check (server/process.rb create_keepalive_check): the client's own
 * `keepalive`, over `sensu.keepalives`, over a handler named keepalive. Empty if the default handler is told of all.
 */
export function readKeepalives({ settings, handlers }: SensuDefinitions): Keepalive[] {
  const client = settings.get('client') ?? {};
  const ofAll = attributesOf(settings.get('sensu')?.['keepalives']);
  const ofClient = attributesOf(client['keepalive']);
  const named = handlers.has('keepalive') ? ['keepalive'] : ['default'];
  const general = toldOf(ofAll) ?? named;
  const own =
    client['keepalives'] === false ? [] : toldOf({ ...ofAll, ...ofClient, ...joined(ofAll, ofClient) });
  const name = typeof client['name'] === 'string' ? client['name'] : '';
  const isOwn = own !== undefined && JSON.stringify(own) !== JSON.stringify(general);
  if (!isOwn && JSON.stringify(general) === '["default"]') return [];
  if (!isOwn) return [{ matchers: [KEEPALIVE_ALERT], handlers: general }];
  return [
    { matchers: [KEEPALIVE_ALERT, labelIs('client', name)], handlers: own },
    { matchers: [KEEPALIVE_ALERT, labelIsNoneOf('client', [name])], handlers: general },
  ];
}

/** What of the keepalives is not converted. */
export function keepaliveFacts(definitions: SensuDefinitions): Fact[] {
  const { settings, handlers } = definitions;
  const client = settings.get('client') ?? {};
  const missing = readKeepalives(definitions)
    .flatMap((keepalive) => keepalive.handlers)
    .flatMap((name) => undefinedMembersOf(name, handlers))
    .filter((name) => name !== 'default');
  const texts = [
    ...(client['keepalive'] === undefined
      ? []
      : [
          `keepalive: its handlers are told of node "${String(client['name'])}"; give each other node that has handlers of its own a route like that`,
        ]),
    ...[...new Set(missing)].map(
      (name) => `keepalive: handler "${name}" is not defined; nodes that are down notify it no more`,
    ),
  ];
  const own: Fact[] = texts.map((text) => ({ weight: 'unheard', subject: 'plain', name: 'client', text }));
  const thresholds = [client['keepalive'], settings.get('sensu')?.['keepalives']].some(
    (keepalive) => attributesOf(keepalive)['thresholds'] !== undefined,
  );
  return thresholds ? [...own, THRESHOLDS] : own;
}

const THRESHOLDS: Fact = {
  weight: 'different',
  subject: 'plain',
  name: 'client',
  text: 'keepalive thresholds: CheckAgentDown fires two minutes after a node is down, whatever they are',
};

type Attributes = Readonly<Record<string, unknown>>;

function attributesOf(value: unknown): Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

// Sensu merges the lists of both.
function joined(ofAll: Attributes, ofClient: Attributes): Attributes {
  const lists = [ofAll['handlers'], ofClient['handlers']].filter((list) => Array.isArray(list));
  return lists.length === 0 ? {} : { handlers: [...new Set(lists.flat())] };
}

// Undefined if nothing of it says who is told.
function toldOf({ handle, handlers, handler }: Attributes): string[] | undefined {
  if (handle === false) return [];
  if (Array.isArray(handlers)) return handlers.filter((name) => typeof name === 'string');
  return typeof handler === 'string' ? [handler] : undefined;
}
