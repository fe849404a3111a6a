import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { sendRaw, type RawAnswer } from '../../support/raw-request.ts';
import {
  GENEROUS_LIMITS,
  runPushgateway,
  type RunningPushgateway,
} from '../../support/running-pushgateway.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('a gateway', () => {
  let running: RunningPushgateway;
  let time: number;
  beforeEach(async () => {
    time = Date.now();
    running = await runPushgateway({
      isAdminEnabled: true,
      limits: { ...GENEROUS_LIMITS, groups: 3, series: 10 },
      clock: { now: () => time, elapsed: () => time },
    });
  });
  afterEach(() => running.stop());

  const send = (method: string, path: string, body = ''): Promise<RawAnswer> =>
    sendRaw(running.url, { method, path, body });
  const series = async (): Promise<string[]> =>
    (await send('GET', '/metrics')).text
      .split('\n')
      .filter((line) => /^\w+\{.*job=/.test(line))
      .sort();

  it('replaces a group by PUT, merges families by POST, removes exactly one group by DELETE', async () => {
    await send('PUT', '/metrics/job/j', 'a 1\nb 1\n');
    await send('POST', '/metrics/job/j', 'b 2\n');
    expect(await series()).toEqual(
      expect.arrayContaining(['a{instance="",job="j"} 1', 'b{instance="",job="j"} 2']),
    );
    await send('PUT', '/metrics/job/j', 'c 3\n');
    await send('PUT', '/metrics/job/j/instance/i', 'c 4\n');
    expect((await send('DELETE', '/metrics/job/j')).status).toBe(202);
    expect((await series()).filter((line) => !line.startsWith('push_'))).toEqual([
      'c{instance="i",job="j"} 4',
    ]);
  });

  it('tells when a push was refused, of a group that did not exist too, but not for what it cannot read', async () => {
    expect((await send('PUT', '/metrics/job/j', 'a 1 1000\n')).status).toBe(400);
    expect((await send('PUT', '/metrics/job/k', 'a\n')).status).toBe(400);
    expect(await series()).toEqual([
      `push_failure_time_seconds{instance="",job="j"} ${time / 1000}`,
      'push_time_seconds{instance="",job="j"} 0',
    ]);
  });

  it('refuses a group that differs by empty labels only: Prometheus could not tell the two apart', async () => {
    await send('PUT', '/metrics/job/el', 'el 1\n');
    const { status, text } = await send('PUT', '/metrics/job/el/path@base64/=', 'el 1\n');
    expect(status).toBe(400);
    expect(text).toContain('differs from {job="el",path=""} by empty labels only');
    expect((await series()).filter((line) => line.startsWith('el'))).toHaveLength(1);
  });

  it('takes a family over in another type once the group that had it is replaced', async () => {
    await send('PUT', '/metrics/job/j', '# TYPE a counter\na 1\n');
    expect((await send('PUT', '/metrics/job/j', '# TYPE a gauge\na 1\n')).status).toBe(200);
    expect((await send('PUT', '/metrics/job/k', '# TYPE a counter\na 1\n')).status).toBe(400);
  });

  it('refuses new groups when it is full, and goes on with those it has', async () => {
    for (const job of ['1', '2', '3']) await send('PUT', `/metrics/job/${job}`, 'a 1\n');
    const full = await send('PUT', '/metrics/job/4', 'a 1\n');
    expect(full).toMatchObject({ status: 507, text: 'no room for new groups: the limit is 3\n' });
    expect((await send('PUT', '/metrics/job/3', 'a 2\n')).status).toBe(200);
    const many = Array.from({ length: 9 }, (_, at) => `b${at} 1\n`).join('');
    expect((await send('POST', '/metrics/job/3', many)).status).toBe(507);
  });

  it('lets a group go whose ttl has passed, and none before', async () => {
    await send('PUT', '/metrics/job/short?ttl=10m', 'a 1\n');
    await send('PUT', '/metrics/job/long', 'a 1\n');
    time += 11 * 60_000;
    await waitFor(
      'the end of the group',
      async () => !(await series()).some((line) => line.includes('short')),
    );
    expect(await series()).toContain('a{instance="",job="long"} 1');
    expect((await send('PUT', '/metrics/job/x?ttl=soon', 'a 1\n')).status).toBe(400);
  });

  it('refuses bodies that are too large, packed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(33 * 1024 ** 2));
    const headers = { 'Content-Encoding': 'gzip' };
    const packed = await sendRaw(running.url, { method: 'PUT', path: '/metrics/job/j', headers, body: bomb });
    expect(packed).toMatchObject({ status: 413, text: 'body is too large\n' });
    const { status } = await sendRaw(running.url, {
      method: 'PUT',
      path: '/metrics/job/j',
      body: Buffer.alloc(9 * 1024 ** 2, 'x'),
    });
    expect(status).toBe(413);
  });

  it('removes everything on demand', async () => {
    await send('PUT', '/metrics/job/j', 'a 1\n');
    expect((await send('PUT', '/api/v1/admin/wipe')).status).toBe(202);
    expect(await series()).toEqual([]);
  });
});

describe('a gateway that is started again', () => {
  it('has all that it acknowledged', async () => {
    const first = await runPushgateway();
    const body = '# HELP h help\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum NaN\nh_count 2\n';
    await sendRaw(first.url, { method: 'PUT', path: '/metrics/job@base64/L3Zhcg/x/%E3%83%87', body });
    await sendRaw(first.url, { method: 'PUT', path: '/metrics/job/gone', body: 'a 1\n' });
    await sendRaw(first.url, { method: 'DELETE', path: '/metrics/job/gone' });
    const before = await pushedLines(first.url);
    await first.gateway.stop();
    const second = await runPushgateway({ storage: { path: first.storage, sync: true } });
    expect(before.length).toBeGreaterThan(5);
    expect(await pushedLines(second.url)).toEqual(before);
    await second.stop();
    await first.stop();
  });

  it('says that another process has its storage', async () => {
    const first = await runPushgateway();
    await expect(runPushgateway({ storage: { path: first.storage, sync: true } })).rejects.toThrow(
      'another process uses it: give each its own --storage.path',
    );
    await first.stop();
  });
});

async function pushedLines(url: string): Promise<string[]> {
  const { text } = await sendRaw(url, { path: '/metrics' });
  return text.split('\n').filter((line) => /^# (?:HELP|TYPE) h|job=/.test(line));
}
