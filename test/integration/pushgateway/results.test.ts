import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendRaw, type RawAnswer } from '../../support/raw-request.ts';
import {
  GENEROUS_LIMITS,
  runPushgateway,
  type RunningPushgateway,
} from '../../support/running-pushgateway.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('pushed check results', () => {
  let running: RunningPushgateway;
  let time: number;
  const clock = { now: () => time, elapsed: () => time };
  beforeEach(async () => {
    time = Date.now();
    running = await runPushgateway({ clock, limits: { ...GENEROUS_LIMITS, checks: 5, checksPerClient: 4 } });
  });
  afterEach(() => running.stop());

  const seconds = (): number => Math.floor(time / 1000);
  const push = (body: unknown, path = '/results'): Promise<RawAnswer> =>
    sendRaw(running.url, { method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) });
  const get = async (path: string): Promise<unknown> =>
    JSON.parse((await sendRaw(running.url, { path })).text) as unknown;
  const series = async (name: string): Promise<string[]> =>
    (await sendRaw(running.url, { path: '/metrics' })).text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`));
  const failing = (status: number, executed = seconds(), output = 'gone wrong\n'): object => ({
    ...{ name: 'check_disk', interval: 60, status, executed, output, duration: 0.5 },
  });
  const envelope = (results: readonly object[], more: object = {}): object => ({
    client: { name: 'web-001', address: '10.0.0.1', password: 'hidden' },
    results,
    ...more,
  });

  it('come in an envelope, are judged, and are told in full', async () => {
    const { status, text } = await push(envelope([failing(2)], { sent: seconds() }));
    expect([status, JSON.parse(text)]).toEqual([202, { response: 'ok', stored: 1, older: 0 }]);
    const labels = 'check="check_disk",client="web-001",instance="web-001",job="checks"';
    expect(await series('check_status')).toEqual([`check_status{${labels}} 2`]);
    expect(await series('check_problem')).toEqual([
      `check_problem{${labels},problem="failed",severity="critical"} 2`,
    ]);
    expect(await series('check_client_last_push_timestamp_seconds')).toHaveLength(1);
    expect(await get('/clients/web-001/checks/check_disk')).toMatchObject({
      client: 'web-001',
      client_attributes: { address: '10.0.0.1', password: 'REDACTED' },
      check: { name: 'check_disk', output: 'gone wrong\n', status: 2, occurrences: 1, history: [2] },
      received: time / 1000,
    });
    expect(await get('/results/web-001/check_disk')).toMatchObject({
      client: 'web-001',
      check: { output: 'gone wrong\n' },
    });
    await push(envelope([failing(0, seconds() + 60, 'fine\n')]));
    expect(await series('check_problem')).toEqual([]);
    expect(await get('/clients/web-001/checks?names=check_disk&output=1')).toMatchObject({
      checks: [{ check: { output: 'fine\n' }, last_non_ok: { status: 2, output: 'gone wrong\n' } }],
    });
    const raw = await sendRaw(running.url, { path: '/clients/web-001/checks/check_disk/output?last=non_ok' });
    expect([raw.text, raw.headers['x-check-status']]).toEqual(['gone wrong\n', '2']);
  });

  it('come from a shell script, bytes as they are, and in the shapes of Sensu', async () => {
    const put = await sendRaw(running.url, {
      method: 'PUT',
      path: '/results/web-002/check_cron?status=1&ttl=3600&source=sw-1',
      body: Buffer.from([0xa5, 0xc7, 0xa5, 0xa3]),
    });
    expect(put.status).toBe(202);
    const raw = await sendRaw(running.url, { path: '/clients/sw-1/checks/check_cron/output' });
    expect(raw.headers['content-length']).toBe('4');
    expect((await push({ client: 'web-003', check: failing(1) })).status).toBe(202);
    expect((await push([{ name: 'flat', output: '' }], '/results?client=web-004')).status).toBe(202);
    expect(await get('/clients?limit=1')).toEqual([]);
    expect(await get('/results')).toHaveLength(3);
  });

  it('count once, newest first, whatever is sent again', async () => {
    await push(envelope([failing(2)]));
    expect(JSON.parse((await push(envelope([failing(2)]))).text)).toMatchObject({ stored: 0, older: 1 });
    expect(JSON.parse((await push(envelope([failing(0, seconds() - 60)]))).text)).toMatchObject({ older: 1 });
    await push(envelope([failing(2, seconds() + 60)]));
    expect(await get('/clients/web-001/checks/check_disk')).toMatchObject({
      check: { history: [2, 2], occurrences: 2 },
    });
  });

  it('made by a clock in the future are taken as of now, and lose to what comes later', async () => {
    await push(envelope([failing(2, time)]));
    expect(await get('/clients/web-001/checks/check_disk')).toMatchObject({ check: { executed: seconds() } });
    time += 60_000;
    await push(envelope([failing(0)]));
    expect(await series('check_status')).toEqual([expect.stringMatching(/ 0$/)]);
  });

  it('leave out what is invalid and say which', async () => {
    const { status, text } = await push(envelope([failing(0), { name: 'bad' }]));
    expect([status, JSON.parse(text)]).toEqual([
      400,
      {
        response: 'some results are invalid',
        stored: 1,
        older: 0,
        errors: [{ index: 1, error: 'check output must be a string' }],
      },
    ]);
  });

  it('turn into problems when they stop: silent, ttl, never run; gone ones do not', async () => {
    await push(
      envelope([failing(0), { name: 'old', output: '', executed: seconds(), ttl: 30, ttl_status: 2 }], {
        defined: [{ name: 'waits', interval: 60 }],
      }),
    );
    expect(await series('check_unknown')).toHaveLength(1);
    time += 16 * 60_000;
    expect(
      (await series('check_problem')).map((line) => /problem="(\w+)",severity="(\w+)"/.exec(line)?.slice(1)),
    ).toEqual([
      ['silent', 'warning'],
      ['ttl', 'critical'],
      ['never_ran', 'warning'],
    ]);
    await push(envelope([failing(0)], { gone: ['old', 'waits'] }));
    expect(await series('check_problem')).toEqual([]);
    expect((await sendRaw(running.url, { path: '/clients/web-001/checks/old' })).status).toBe(404);
  });

  it('go with their client, by DELETE or when it says goodbye', async () => {
    await push(envelope([failing(2)]));
    expect((await sendRaw(running.url, { method: 'DELETE', path: '/clients/web-001' })).status).toBe(204);
    expect((await sendRaw(running.url, { method: 'DELETE', path: '/clients/web-001' })).status).toBe(404);
    await push(envelope([failing(2)]));
    await push(envelope([], { deregister: true }));
    expect(await series('check_status')).toEqual([]);
  });

  it('find no room beyond the limits, while known checks go on', async () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...failing(0), name }));
    const { status, text } = await push(envelope(many));
    expect([status, JSON.parse(text)]).toEqual([
      507,
      { response: 'no room for new checks of one client: the limit is 4', stored: 4, older: 0 },
    ]);
    expect((await push(envelope([{ ...failing(2, seconds() + 1), name: 'a' }]))).status).toBe(202);
  });

  it('cannot be pushed as metrics', async () => {
    const body = '# TYPE check_status gauge\ncheck_status{check="a",client="web-001"} 0\n';
    const { status, text } = await sendRaw(running.url, { method: 'PUT', path: '/metrics/job/j', body });
    expect([status, text]).toEqual([400, expect.stringContaining('push check results to /results')]);
  });

  it('are there again after a restart', async () => {
    await push(envelope([failing(2)]));
    await push(envelope([failing(0, seconds() + 10)]));
    const before = [await get('/clients/web-001/checks/check_disk'), await series('check_status')];
    await running.gateway.stop();
    const again = await runPushgateway({ storage: { path: running.storage, sync: true }, clock });
    running = { ...running, url: again.url, gateway: again.gateway };
    expect([await get('/clients/web-001/checks/check_disk'), await series('check_status')]).toEqual(before);
  });

  it.each<[string, string | Buffer, Record<string, string>, number, unknown]>([
    ['no JSON', 'x', JSON_TYPE, 400, { response: 'Failed to parse JSON body' }],
    ['no JSON type', '{}', {}, 415, { response: 'Invalid content type' }],
    ['null', 'null', JSON_TYPE, 400, { response: 'a check result must be an object' }],
    ['a number', '3', JSON_TYPE, 400, { response: 'a check result must be an object' }],
    ['nothing', '[]', JSON_TYPE, 202, { response: 'ok', stored: 0, older: 0 }],
    [
      'plain bytes as gzip',
      '[]',
      { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
      400,
      { response: 'body is not valid gzip' },
    ],
    [
      'br',
      '[]',
      { ...JSON_TYPE, 'Content-Encoding': 'br' },
      415,
      { response: 'Content-Encoding can be gzip or snappy' },
    ],
    [
      'gzip',
      gzipSync('[]'),
      { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
      202,
      { response: 'ok', stored: 0, older: 0 },
    ],
    [
      'too many',
      JSON.stringify(Array.from({ length: 1001 }, () => 0)),
      JSON_TYPE,
      413,
      { response: 'more than 1000 results: send fewer at once' },
    ],
    ['too large', Buffer.alloc(9 * 1024 ** 2), JSON_TYPE, 413, { response: 'body is too large' }],
    [
      'no client',
      '{"name":"a","output":""}',
      JSON_TYPE,
      400,
      {
        response: 'some results are invalid',
        stored: 0,
        older: 0,
        errors: [{ index: 0, error: 'client is missing: send an envelope, or ?client=' }],
      },
    ],
    [
      'two outputs',
      '{"client":"c","check":{"name":"a","output":"","output_base64":""}}',
      JSON_TYPE,
      400,
      expect.objectContaining({
        errors: [{ index: 0, error: 'only one of output and output_base64 can be given' }],
      }),
    ],
    [
      'bad base64',
      '{"client":"c","check":{"name":"a","output_base64":"%"}}',
      JSON_TYPE,
      400,
      expect.objectContaining({ errors: [{ index: 0, error: 'output_base64 is not base64' }] }),
    ],
    [
      'a bad client',
      '{"client":"a b","check":{"name":"a","output":""}}',
      JSON_TYPE,
      400,
      expect.objectContaining({
        errors: [{ index: 0, error: 'client name cannot contain spaces or special characters' }],
      }),
    ],
    [
      '__proto__',
      '{"client":"c","check":{"name":"a","output":"","__proto__":{"status":2}}}',
      JSON_TYPE,
      202,
      { response: 'ok', stored: 1, older: 0 },
    ],
    [
      'great depth',
      `{"client":"c","check":{"name":"a","output":"","x":${'['.repeat(1000)}${']'.repeat(1000)}}}`,
      JSON_TYPE,
      202,
      { response: 'ok', stored: 1, older: 0 },
    ],
  ])('of a request with %s', async (_, body, headers, status, answer) => {
    const found = await sendRaw(running.url, { method: 'POST', path: '/results', headers, body });
    expect([found.status, JSON.parse(found.text)]).toEqual([status, answer]);
    expect((await sendRaw(running.url, { path: '/metrics' })).status).toBe(200);
  });

  it.each([
    ['PUT', '/results/n/c', 400, { response: 'status is missing: ?status=0' }],
    ['PUT', '/results/n/c?status=x', 400, { response: 'status must be an integer' }],
    ['PUT', '/results/n/c?status=-1', 202, { response: 'ok', stored: 1, older: 0 }],
    ['GET', '/clients/x/checks/y', 404, { error: 'unknown client' }],
    ['GET', '/clients?silent=x', 400, { error: '"silent" has to be a duration such as 180s' }],
  ])('%s %s', async (method, path, status, answer) => {
    const found = await sendRaw(running.url, { method, path });
    expect([found.status, JSON.parse(found.text)]).toEqual([status, answer]);
  });
});
