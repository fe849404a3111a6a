import { afterAll, expect, it } from '@jest/globals';
import { callCommand } from '../../support/call-command.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

const check = { command: 'true', standalone: true, interval: 60, handler: 'mailer' };
const mailer = { type: 'pipe', command: 'handler-mailer.rb' };
const mail = { mail_from: 'sensu@example.com', mail_to: 'ops@example.com', smtp_address: 'localhost' };

interface Parts {
  readonly check?: object;
  readonly handler?: object;
  readonly client?: object;
  readonly settings?: object;
}

async function unconverted(parts: Parts): Promise<string[]> {
  const configuration = {
    checks: { disk: { ...check, ...parts.check } },
    handlers: { mailer: { ...mailer, ...parts.handler }, default: { type: 'set', handlers: ['mailer'] } },
    client: { name: 'n', address: '10.0.0.1', subscriptions: ['all'], ...parts.client },
    mailer: mail,
    ...parts.settings,
  };
  folder.write('conf.d/a.json', JSON.stringify(configuration));
  const { stderr } = await callCommand(['convert-sensu', `${folder.path}/conf.d`]);
  return stderr.split('\n').filter((line) => line.startsWith('  '));
}

const window = { days: { all: [{ begin: '01:00', end: '02:00' }] } };

// All that the validators of sensu-settings 10.17 know, and what its server and its usual handlers read beside.
it.each<readonly [string, Parts]>([
  ['check "disk": auto_resolve', { check: { auto_resolve: false } }],
  ['check "disk": force_resolve', { check: { force_resolve: true } }],
  ['check "disk": subscribers', { check: { subscribers: ['web', 'roundrobin:web'] } }],
  ['check "disk": subscribers', { check: { subscribers: ['direct:web'] } }],
  ['check "disk": truncate_output', { check: { truncate_output: true } }],
  ['check "disk": truncate_output_length', { check: { truncate_output_length: 80 } }],
  ['check "disk": aggregate', { check: { aggregate: 'web' } }],
  ['check "disk": aggregates', { check: { aggregates: ['web'] } }],
  ['check "disk": low_flap_threshold', { check: { low_flap_threshold: 5, high_flap_threshold: 20 } }],
  ['check "disk": type metric', { check: { type: 'metric' } }],
  ['check "disk": dependencies', { check: { dependencies: ['a/b'] } }],
  ['check "disk" (', { check: { proxy_requests: {} } }],
  ['check "disk" (', { check: { extension: 'a', command: null } }],
  ['handler "mailer": severities: "CRITICAL" is not', { handler: { severities: ['CRITICAL', 'ok'] } }],
  ['handler "mailer": mutator', { handler: { mutator: 'a' } }],
  ['handler "mailer": timeout', { handler: { timeout: 5 } }],
  ['handler "mailer": subdue', { handler: { subdue: window } }],
  ['handler "mailer": handle_flapping', { handler: { handle_flapping: true } }],
  ['handler "mailer": handle_silenced', { handler: { handle_silenced: true } }],
  ['handler "mailer": filter "a"', { handler: { filter: 'a' } }],
  ['handler "mailer": filter "a"', { handler: { filters: ['a'] } }],
  ['handler "mailer": its type "tcp"', { handler: { type: 'tcp', command: '', socket: {} } }],
  ['handler "mailer": its type "transport"', { handler: { type: 'transport', command: '', pipe: {} } }],
  ['client: keepalive: its handlers are told', { client: { keepalive: { handlers: ['mailer'] } } }],
  ['client: registration', { client: { registration: {} } }],
  ['client: deregister', { client: { deregister: true } }],
  ['client: deregistration', { client: { deregistration: {} } }],
  ['client: signature', { client: { signature: 'a' } }],
  ['client: client_key', { client: { client_key: 'a' } }],
  ['settings: extensions', { settings: { extensions: {} } }],
  ['settings: mutators', { settings: { mutators: { a: {} } } }],
  ['settings: contacts', { settings: { contacts: {} } }],
  ['settings: transport', { settings: { transport: {} } }],
  ['settings: rabbitmq', { settings: { rabbitmq: {} } }],
  ['settings: rabbitmq: Prometheus scrapes', { settings: { rabbitmq: [{ host: 'a' }, { host: 'b' }] } }],
  ['settings: rabbitmq: Prometheus scrapes', { settings: { rabbitmq: 'amqp://sensu:secret@a/sensu' } }],
  ['settings: filters: it is not an object', { settings: { filters: [] } }],
  ['settings: a-key-of-the-site: it is not an object', { settings: { 'a-key-of-the-site': 5 } }],
  ['settings: redis', { settings: { redis: {} } }],
  ['settings: api', { settings: { api: {} } }],
  ['settings: agent', { settings: { agent: {} } }],
  ['settings: tessen', { settings: { tessen: {} } }],
  [
    'client: keepalive thresholds',
    { settings: { sensu: { keepalives: { thresholds: { critical: 900 } } } } },
  ],
  [
    'client: keepalive: handler "a" is not defined',
    { settings: { sensu: { keepalives: { handler: 'a' } } } },
  ],
  ['sensu: global_error_handler', { settings: { sensu: { global_error_handler: true } } }],
  ['sensu: server', { settings: { sensu: { server: {} } } }],
])('convert-sensu lists %s: %j', async (start, parts) => {
  expect(await unconverted(parts)).toMatchObject([expect.stringContaining(`  ${start}`)]);
});

it.each<readonly [string, Parts]>([
  [
    'of a check',
    {
      check: {
        ...{
          timeout: 10,
          stdin: true,
          subscribers: ['web'],
          publish: true,
          handle: true,
          auto_resolve: true,
        },
        ...{ source: 'switch-1', ttl: 90, ttl_status: 2, subdue: window, occurrences: 2, refresh: 60 },
        hooks: { critical: { command: 'ps', timeout: 5, stdin: false } },
        ...{ notification: 'a', playbook: 'b', 'a-key-of-the-site': 1 },
      },
    },
  ],
  ['of a check that Chef wrote with a cron', { check: { interval: false, cron: '0 4 * * *' } }],
  ['of a check that runs by cron', { check: { interval: null, cron: '0 4 * * *' } }],
  ['of a handler', { handler: { filters: ['occurrences'], severities: ['ok', 'critical'] } }],
  [
    'of a client',
    { client: { safe_mode: true, redact: ['a'], socket: {}, http_socket: {}, 'a-key-of-the-site': 1 } },
  ],
  ['of a client without keepalives', { client: { keepalives: false } }],
  ['that is null', { settings: { rabbitmq: null } }],
  ['of Sensu', { settings: { sensu: { spawn: { limit: 5 } } } }],
])(
  'convert-sensu says nothing of the attributes %s that are converted or go on as they were',
  async (_, parts) => {
    expect(await unconverted(parts)).toEqual([]);
  },
);
