import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { firing } from '../../support/alert-builder.ts';
import {
  agentSource,
  allowLoopback,
  sendTo,
  startProxy,
  type ProxyConfig,
} from '../../support/start-proxy.ts';
import { scrape } from '../../support/scrape.ts';
import { startStubAlertmanager } from '../../support/stub-alertmanager.ts';
import { startStubSource } from '../../support/stub-source.ts';
import type { StubAnswer } from '../../support/stub-answer.ts';
import { createAuthority, LOOPBACK } from '../../support/certificates.ts';
import { freePort } from '../../../src/quickstart/free-port.ts';
import { startBlackhole, startTls } from '../platform-http/stub-servers.ts';

const PASSWORD = 'hunter2-password';
/** Milliseconds: what one fetch may take, and with what on top the alert must have arrived. */
const TIMEOUT = 2_000;
const MARGIN = 4_000;

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain' };
const TEXT = { annotations: { check_output: '@' } };
// 検査 OK, in EUC-JP.
const EUC_JP = Buffer.from([0xb8, 0xa1, 0xba, 0xba, 0x20, 0x4f, 0x4b]);

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('an alert arrives in time, with the output', () => {
  it.each<[string, StubAnswer, ProxyConfig, string]>([
    [
      'in UTF-8 that is broken',
      { body: Buffer.from('a\xff\xc3b', 'latin1'), headers: TEXT_TYPE },
      TEXT,
      'a\ufffd\ufffdb',
    ],
    ['in EUC-JP', { body: EUC_JP, headers: TEXT_TYPE }, { ...TEXT, charset: ['utf-8', 'euc-jp'] }, '検査 OK'],
    [
      'in JSON that is EUC-JP',
      { body: jsonAround(EUC_JP), headers: JSON_TYPE },
      { charset: ['utf-8', 'euc-jp'] },
      '検査 OK',
    ],
    [
      'that is compressed',
      {
        body: gzipSync('{"check":{"output":"DISK OK"}}'),
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      },
      {},
      'DISK OK',
    ],
    ['that says nothing', { body: { check: { output: '' } } }, {}, ''],
    [
      'with colours and control characters',
      { body: { check: { output: '\u001b[31mCRIT\u0000ICAL\u001b[0m\r\n' } } },
      {},
      'CRITICAL\n',
    ],
    ['with lone surrogates', { body: '{"check":{"output":"\\ud83d!"}}', headers: JSON_TYPE }, {}, '\ufffd!'],
    ['without a type', { body: '{"check":{"output":"DISK OK"}}' }, {}, 'DISK OK'],
    [
      'with a byte order mark',
      { body: '\ufeff{"check":{"output":"DISK OK"}}', headers: JSON_TYPE },
      {},
      'DISK OK',
    ],
    ['that is no text', { body: { check: { output: { used: [97, null] } } } }, {}, '{"used":[97,null]}'],
    [
      'that repeats the password, redacted',
      { body: { check: { output: `user ${PASSWORD}` } } },
      { redact: ['hunter2\\S*'] },
      'user <redacted>',
    ],
  ])('%s', async (_, answer, parts, output) => {
    const { annotations, leaks } = await arrival(await asked(answer), parts);

    expect(annotations).toEqual({ check_output: output });
    expect(leaks).toEqual([]);
  });

  it('of 200 KB, cut to what an annotation may hold', async () => {
    const { annotations } = await arrival(await asked({ body: { check: { output: 'ß'.repeat(100_000) } } }));

    const text = annotations['check_output'] ?? '';
    expect(text).toContain('of 200000 bytes left out');
    expect(Buffer.byteLength(text.replace(/\n…\[.*\]…\n/, ''))).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/^ß+\n…\[\d+ of 200000 bytes left out\]…\nß+$/);
  });
});

describe('an alert arrives in time, with the reason', () => {
  it.each<[string, string, StubAnswer]>([
    ['10 MB', 'too_large', { body: { check: { output: 'x'.repeat(10 * 1024 * 1024) } } }],
    [
      '10 MB without a length',
      'too_large',
      { raw: `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(10 * 1024 * 1024)}` },
    ],
    [
      '10 MB that are 10 KB compressed',
      'too_large',
      {
        body: gzipSync(Buffer.alloc(10 * 1024 * 1024)),
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      },
    ],
    [
      'something that is said to be compressed',
      'bad_response',
      { body: 'DISK OK', headers: { 'content-encoding': 'gzip' } },
    ],
    ['HTML', 'bad_response', { body: '<p>Please log in</p>', headers: { 'content-type': 'text/html' } }],
    ['JSON without the expected key', 'bad_response', { body: { result: 'OK' } }],
    ['JSON that is none', 'bad_response', { body: '{"check":', headers: JSON_TYPE }],
    ['a word', 'bad_response', { body: 'OK', headers: TEXT_TYPE }],
    ['nothing, with 200', 'bad_response', {}],
    ['nothing, with 204', 'bad_response', { status: 204 }],
    [
      'a redirect to another host',
      'bad_response',
      { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } },
    ],
    ['a redirect to itself', 'bad_response', { status: 307, headers: { location: '/checks/check_disk' } }],
    ['a 401', 'http_4xx', { status: 401, headers: { 'www-authenticate': 'Basic realm="node"' } }],
    ['a 429', 'http_4xx', { status: 429 }],
    ['a 404', 'not_found', { status: 404 }],
    ['a 500', 'http_5xx', { status: 500, body: `Authorization: Basic ${PASSWORD}` }],
    ['a 503 with the output of the check', 'http_5xx', { status: 503, body: { check: { output: 'OK' } } }],
    ['a byte a second', 'timeout', { body: { check: { output: 'OK' } }, trickleMs: 1_000 }],
    ['nothing', 'timeout', { hang: true }],
    ['nothing, and closes', 'network', { raw: '' }],
    ['a reset', 'network', { reset: true }],
    [
      'half of what it announced',
      'network',
      { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"check"' },
    ],
    ['something that is no HTTP', 'bad_response', { raw: 'SSH-2.0-OpenSSH_9.2\r\n' }],
    ['headers without end', 'bad_response', { raw: `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}` }],
  ])('if the node answers with %s: %s', async (_, reason, answer) => {
    const { annotations, leaks } = await arrival(await asked(answer));

    expect(annotations).toEqual({ check_output: SENTENCE, check_fetch_error: reason });
    expect(leaks).toEqual([]);
  });

  it.each<[string, string, () => Promise<Asked>]>([
    ['nobody listens there', 'refused', async () => at(await freePort())],
    ['it takes no connection', 'connect_timeout', async () => at((await opened(startBlackhole())).port)],
    [
      'its name is unknown',
      'dns',
      () =>
        Promise.resolve({
          ...at(9470, 'no-such-node.invalid'),
          allow: { ports: [9470], hosts: ['*.invalid'] },
        }),
    ],
    [
      'its certificate is of an unknown authority',
      'tls',
      async () => {
        const { cert, key } = await (await createAuthority()).issue(LOOPBACK);
        return { ...at((await opened(startTls({ cert, key }))).port), scheme: 'https' };
      },
    ],
    ['it speaks no TLS', 'tls', async () => ({ ...(await asked({})), scheme: 'https' })],
    [
      'its port is not in the allow-list',
      'blocked',
      async () => ({ ...(await asked({})), allow: allowLoopback(1) }),
    ],
    [
      'its address is not in the allow-list',
      'blocked',
      async () => {
        const node = await asked({});
        return { ...node, allow: { ports: [node.port], cidrs: ['10.0.0.0/8'] } };
      },
    ],
    [
      'its name leads to loopback, and no network names that',
      'blocked',
      async () => {
        const node = await asked({});
        return {
          ...node,
          instance: `localhost:${node.port}`,
          allow: { ports: [node.port], hosts: ['localhost'] },
        };
      },
    ],
    ['the alert has no such label', 'template', () => Promise.resolve({ ...at(9470), instance: '' })],
    [
      'the label holds no host',
      'template',
      () => Promise.resolve({ ...at(9470), instance: `user:${PASSWORD}@node\u0000` }),
    ],
  ])('if %s: %s', async (_, reason, start) => {
    const { annotations, leaks } = await arrival(await start());

    expect(annotations).toEqual({ check_output: SENTENCE, check_fetch_error: reason });
    expect(leaks).toEqual([]);
  });
});

const SENTENCE: unknown = expect.stringMatching(/^could not fetch check output: [ -~]+$/);

interface Asked {
  readonly instance: string;
  readonly port: number;
  readonly allow: ProxyConfig;
  readonly scheme: string;
}

function at(port: number, host = '127.0.0.1'): Asked {
  return { instance: `${host}:${port}`, port, allow: allowLoopback(port), scheme: 'http' };
}

/** A node that answers so. */
async function asked(answer: StubAnswer): Promise<Asked> {
  return at((await opened(startStubSource({ '/checks/check_disk': answer }))).port);
}

/** What arrives of an alert whose node is to be asked there, and where the password shows. */
async function arrival(
  { instance, allow, scheme }: Asked,
  parts: ProxyConfig = {},
): Promise<{ annotations: Readonly<Record<string, string>>; leaks: string[] }> {
  const alertmanager = await opened(startStubAlertmanager());
  const proxy = await startProxy({
    alertmanagers: [sendTo(alertmanager)],
    enrichment: { deadline: '4s' },
    sources: [
      agentSource({
        url: `${scheme}://{instance}/checks/{check}`,
        basic_auth: { username: 'proxy', password: PASSWORD },
        timeout: `${TIMEOUT}ms`,
        allow,
        ...parts,
      }),
    ],
  });
  closing.push(() => proxy.stop());
  const startedAt = performance.now();

  const response = await proxy.post([firing({ check: 'check_disk', instance })]);

  expect(response.status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(TIMEOUT + MARGIN);
  const [alert] = alertmanager.alerts();
  const places = {
    annotations: JSON.stringify(alert?.annotations),
    log: proxy.log(),
    metrics: await scrape(proxy.url),
  };
  return {
    annotations: alert?.annotations ?? {},
    leaks: Object.entries(places)
      .filter(([, text]) => isLeak(text))
      .map(([place]) => place),
  };
}

function isLeak(text: string): boolean {
  return [PASSWORD, Buffer.from(`proxy:${PASSWORD}`).toString('base64')].some((secret) =>
    text.includes(secret),
  );
}

async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

function jsonAround(output: Buffer): Buffer {
  return Buffer.concat([Buffer.from('{"check":{"output":"'), output, Buffer.from('"}}')]);
}
