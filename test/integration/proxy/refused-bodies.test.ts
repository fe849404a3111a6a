import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchOf, MAX_BODY } from '../../support/batch-of-bytes.ts';
import { postFrom } from '../../support/post-from.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const ALERT = '{"labels":{"alertname":"CheckFailed"}}';

const scene = useProxy({ isShared: true });
let before = 0;

beforeEach(() => {
  before = scene.alertmanager.posts.length;
});

describe('a body in which there is no batch', () => {
  const NOT_JSON = 'the body is not JSON; expected a JSON array of alerts';
  const NOT_AN_ARRAY = 'the body is JSON, but not an array of alerts';
  const goesOnAt = (byte: number): string =>
    `the body goes on after the array of alerts, at byte ${byte}; it must be one JSON array`;
  const WRONG_TYPE = 'the Content-Type must be application/json';

  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['nothing', '', {}, 400, NOT_JSON],
    ['words', 'alerts', {}, 400, NOT_JSON],
    ['half a batch', `[${ALERT}`, {}, 400, NOT_JSON],
    ['a batch with a bracket after it', `[${ALERT}]]`, {}, 400, goesOnAt(ALERT.length + 2)],
    ['a batch with words after it', `[${ALERT}]\nxyz`, {}, 400, goesOnAt(ALERT.length + 3)],
    ['two batches', `[${ALERT}][${ALERT}]`, {}, 400, goesOnAt(ALERT.length + 2)],
    ['a broken batch with words after it', `[${ALERT},] xyz`, {}, 400, NOT_JSON],
    ['a form', 'alerts=none', {}, 400, NOT_JSON],
    ['UTF-16', Buffer.from(`[${ALERT}]`, 'utf16le'), {}, 400, NOT_JSON],
    ['an alert alone', ALERT, {}, 400, NOT_AN_ARRAY],
    ['null', 'null', {}, 400, NOT_AN_ARRAY],
    ['a string', '"[]"', {}, 400, NOT_AN_ARRAY],
    ['a batch as text', `[${ALERT}]`, { 'Content-Type': 'text/plain' }, 415, WRONG_TYPE],
    [
      'a batch as a form',
      `[${ALERT}]`,
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      WRONG_TYPE,
    ],
    ['a batch without a type', `[${ALERT}]`, { 'Content-Type': '' }, 415, WRONG_TYPE],
    [
      'a compressed batch',
      gzipSync(`[${ALERT}]`),
      { 'Content-Encoding': 'gzip' },
      400,
      'the body is compressed; Alertmanager takes no compressed alerts',
    ],
    ['a batch over the limit', batchOf(MAX_BODY + 1), {}, 413, 'the body is larger than server.max_body'],
  ])('is refused: %s', async (_, body, headers, code, message) => {
    const response = await scene.proxy.post(Buffer.from(body), headers);

    expect(response.status).toBe(code);
    expect(await response.json()).toEqual({ code, message });
    expect(scene.alertmanager.posts).toHaveLength(before);
  });

  it.each([
    [
      'brackets that are never closed',
      Buffer.alloc(MAX_BODY, '['),
      'the body is not JSON; expected a JSON array of alerts',
    ],
    [
      'objects in objects',
      Buffer.alloc(MAX_BODY, '{"a":'),
      'the body is not JSON; expected a JSON array of alerts',
    ],
    [
      'numbers',
      Buffer.from(`[${'0,'.repeat(MAX_BODY / 2 - 2)}0]`),
      'the body holds more than 100000 elements',
    ],
    [
      'the shortest alerts',
      Buffer.from(`[${'{"labels":{"a":"b"}},'.repeat(1_500_000)}0]`),
      'the body holds more than 100000 elements',
    ],
  ])('does not fill the memory: 32 MB of %s', async (_, body, message) => {
    const megabytes = process.resourceUsage().maxRSS / 1024;

    const response = await scene.proxy.post(body);

    expect(await response.json()).toEqual({ code: 400, message });
    expect(process.resourceUsage().maxRSS / 1024 - megabytes).toBeLessThan(700);
    expect(scene.alertmanager.posts).toHaveLength(before);
  });

  it('is counted, and logged once a minute for each client', async () => {
    const wasLogged = scene.proxy.log().length;
    const counted = await batchesAnswered('400');

    for (let time = 0; time < 3; time++) await postFrom('127.0.0.9', scene.proxy.url, Buffer.from('alerts'));

    expect(await batchesAnswered('400')).toBe(counted + 3);
    expect(scene.proxy.log().slice(wasLogged).trim().split('\n')).toEqual([
      expect.stringContaining('refused a body that is no batch of alerts'),
    ]);
  });
});

describe('a body of another type', () => {
  it('is counted, and logged once a minute for each client', async () => {
    const wasLogged = scene.proxy.log().length;
    const counted = await batchesAnswered('415');

    for (let time = 0; time < 3; time++)
      await postFrom('127.0.0.9', scene.proxy.url, Buffer.from(`[${ALERT}]`), { 'Content-Type': '' });

    expect(await batchesAnswered('415')).toBe(counted + 3);
    expect(scene.proxy.log().slice(wasLogged).trim().split('\n')).toEqual([
      expect.stringContaining('msg="refused a body" err="the Content-Type must be application/json"'),
    ]);
  });
});

async function batchesAnswered(code: string): Promise<number> {
  return (await scene.metric('batches_total', { code })) ?? 0;
}

// As Alertmanager takes them, which looks at neither.
describe('a batch under headers that say less than its body', () => {
  it.each([
    ['an encoding that is a charset', '/api/v2/alerts', { 'Content-Encoding': 'utf-8' }],
    ['another word for none', '/api/v2/alerts', { 'Content-Encoding': 'UTF8' }],
    ['an encoding that it has not', '/api/v2/alerts', { 'Content-Encoding': 'gzip' }],
    ['an encoding twice', '/api/v2/alerts', { 'Content-Encoding': 'identity, identity' }],
    ['the type of a form, for v1', '/api/v1/alerts', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['the type of text, for v1', '/prefix/api/v1/alerts/', { 'Content-Type': 'text/plain' }],
    ['no type, for v1', '/api/v1/alerts', { 'Content-Type': '' }],
  ])('is taken: %s', async (_, path, headers) => {
    const response = await fetch(`${scene.proxy.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: Buffer.from(`[${ALERT}]`),
    });

    expect(response.status).toBe(200);
    expect(scene.alertmanager.posts).toHaveLength(before + 1);
  });
});
