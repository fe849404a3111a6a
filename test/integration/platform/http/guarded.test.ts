import { afterEach, describe, expect, it } from '@jest/globals';
import { createEgressGuard, type EgressRules } from '../../../../src/platform/http/egress-guard.ts';
import { createHttpClient, type HttpResult } from '../../../../src/platform/http/http-client.ts';
import type { ResolveName } from '../../../../src/platform/http/name-resolver.ts';
import { expectNoOpenSockets, startHttp, type Stub } from '../../platform-http/stub-servers.ts';

const stubs: Stub[] = [];

afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close();
  await expectNoOpenSockets();
});

async function start(host: string): Promise<Stub> {
  const stub = await startHttp((_, response) => response.end(`from ${host}`), host);
  stubs.push(stub);
  return stub;
}

async function fetchGuarded(
  url: string,
  rules: Partial<EgressRules>,
  resolve: ResolveName = () => Promise.reject(new Error('ENOTFOUND')),
): Promise<HttpResult> {
  const guard = createEgressGuard({ ports: [Number(new URL(url).port)], ...rules });
  const client = createHttpClient({
    connectTimeout: 300,
    maxResponseBytes: 1024,
    keepAlive: false,
    guard,
    resolve,
  });
  return client.request({ method: 'GET', url, timeout: 1_000 });
}

const textOf = (result: HttpResult): string => (result.ok ? result.body.toString() : result.failure);

describe('a guarded client', () => {
  it('connects to an address that its CIDRs name', async () => {
    const stub = await start('127.0.0.2');

    expect(textOf(await fetchGuarded(stub.url, { cidrs: ['127.0.0.2/32'] }))).toBe('from 127.0.0.2');
  });

  it.each([
    ['as it is', '127.0.0.1'],
    ['as a decimal number', '2130706433'],
    ['in octal', '0177.0.0.1'],
    ['in hex', '0x7f.1'],
    ['mapped into IPv6', '[::ffff:127.0.0.1]'],
    ['as the unspecified address', '0.0.0.0'],
    ['in IPv6', '[::1]'],
  ])('does not connect to loopback, written %s', async (_, host) => {
    const stub = await start('127.0.0.1');
    const url = `http://${host}:${stub.port}/`;

    for (const rules of [
      { hosts: ['*.example.com'] },
      { cidrs: ['10.0.0.0/8'] },
      { cidrs: ['0.0.0.0/0', '::/0'] },
    ]) {
      expect(await fetchGuarded(url, rules)).toMatchObject({ ok: false, failure: 'blocked' });
    }
    expect(stub.connections()).toBe(0);
  });

  it('does not connect to a port that is not listed', async () => {
    const stub = await start('127.0.0.1');

    const result = await fetchGuarded(stub.url, { ports: [1], cidrs: ['127.0.0.0/8'] });

    expect(result).toEqual({ ok: false, failure: 'blocked', detail: `port ${stub.port} is not allowed` });
    expect(stub.connections()).toBe(0);
  });

  it('does not even resolve a name that is not allowed', async () => {
    const asked: string[] = [];
    const resolve = (name: string): Promise<string[]> => {
      asked.push(name);
      return Promise.resolve(['127.0.0.1']);
    };

    const result = await fetchGuarded('http://evil.example.org:9470/', { hosts: ['*.example.com'] }, resolve);

    expect(result).toMatchObject({ ok: false, failure: 'blocked' });
    expect(asked).toEqual([]);
  });

  it('connects only to the allowed ones among the addresses of a name', async () => {
    const allowed = await start('127.0.0.2');
    const url = `http://n1.example.com:${allowed.port}/`;
    const resolve = (): Promise<string[]> => Promise.resolve(['127.0.0.1', 'fe80::1%lo', '127.0.0.2']);

    expect(textOf(await fetchGuarded(url, { cidrs: ['127.0.0.2/32'] }, resolve))).toBe('from 127.0.0.2');
  });

  it('does not connect if none of the addresses of a name is allowed', async () => {
    const stub = await start('127.0.0.1');
    const url = `http://n1.example.com:${stub.port}/`;
    const resolve = (): Promise<string[]> =>
      Promise.resolve(['127.0.0.1', '::ffff:7f00:1', '169.254.169.254']);

    expect(await fetchGuarded(url, { hosts: ['*.example.com'] }, resolve)).toEqual({
      ok: false,
      failure: 'blocked',
      detail: 'the name leads to 127.0.0.1 and 2 more, not allowed',
    });
    expect(stub.connections()).toBe(0);
  });

  it.each([
    ['of a URL', 'http://2130706433:9470/', [], 'address 127.0.0.1 is not allowed'],
    ['of a name', 'http://n1:9470/', ['192.0.2.7'], 'the name leads to 192.0.2.7, not allowed'],
    [
      'of a name that has several, in whatever order DNS tells them',
      'http://n1:9470/',
      ['192.0.2.9', '192.0.2.7', '192.0.2.9'],
      'the name leads to 192.0.2.7 and 1 more, not allowed',
    ],
  ])('names the refused address %s', async (_, url, addresses, detail) => {
    const rules = { cidrs: ['10.0.0.0/8'] };

    expect(await fetchGuarded(url, rules, () => Promise.resolve(addresses))).toEqual({
      ok: false,
      failure: 'blocked',
      detail,
    });
  });

  it('connects to the address that it checked, though the name leads elsewhere a moment later', async () => {
    const allowed = await start('127.0.0.2');
    const answers = [['127.0.0.2'], ['127.0.0.1']];
    const asked: string[] = [];
    const resolve = (name: string): Promise<string[]> => {
      asked.push(name);
      return Promise.resolve(answers[asked.length - 1] ?? []);
    };

    const result = await fetchGuarded(
      `http://n1.example.com:${allowed.port}/`,
      { cidrs: ['127.0.0.2/32'] },
      resolve,
    );

    expect(textOf(result)).toBe('from 127.0.0.2');
    expect(asked).toEqual(['n1.example.com']);
  });

  it('checks every new connection: a name that moved to a forbidden address is blocked', async () => {
    const stub = await start('127.0.0.2');
    const answers = [['127.0.0.2'], ['127.0.0.1']];
    const guard = createEgressGuard({ ports: [stub.port], cidrs: ['127.0.0.2/32'] });
    const resolve = (): Promise<string[]> => Promise.resolve(answers.shift() ?? []);
    const client = createHttpClient({
      connectTimeout: 300,
      maxResponseBytes: 64,
      keepAlive: false,
      guard,
      resolve,
    });
    const call = { method: 'GET', url: `http://n1:${stub.port}/`, timeout: 1_000 } as const;

    expect(textOf(await client.request(call))).toBe('from 127.0.0.2');
    expect(textOf(await client.request(call))).toBe('blocked');
  });
});
